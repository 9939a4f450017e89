/** Tokens of the shapes that vendors document, with made-up values: data for the tests of the presets. */
import { now } from "../jwt/signing-keys.ts"
import { betterAuthIssuer, betterAuthTokens } from "./better-auth-tokens.ts"
import type { DocumentedToken, Json } from "./documented-token.ts"
import { keycloakIssuer, keycloakTokens } from "./keycloak-tokens.ts"

const times = { iat: now - 60, exp: now + 3600 }
const api = "https://api.example"
const inactive = "inactive" as const

const auth0Issuer = "https://acme.eu.auth0.com/"
const auth0User = { iss: auth0Issuer, sub: "auth0|1a", aud: [api, `${auth0Issuer}userinfo`], ...times }

const auth0: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token in Auth0's format",
    header: { typ: "JWT" },
    claims: { ...auth0User, azp: "web", scope: "openid read", permissions: ["orders:read"] },
    expected: { subject: "auth0|1a", subjectType: "user", clientId: "web", scopes: ["openid", "read", "orders:read"] },
  },
  {
    name: "a user's token in the format of RFC 9068",
    header: { typ: "at+jwt" },
    claims: { ...auth0User, client_id: "web", jti: "t1", scope: "read" },
    expected: { subject: "auth0|1a", subjectType: "user", clientId: "web", scopes: ["read"], tokenId: "t1" },
  },
  {
    name: "a machine's token",
    header: { typ: "JWT" },
    claims: { ...auth0User, sub: "m2m@clients", aud: api, azp: "m2m", gty: "client-credentials", scope: "read" },
    expected: { subject: "m2m@clients", subjectType: "client", clientId: "m2m" },
  },
  {
    name: "a token signed with PS256",
    algorithm: "PS256",
    header: { typ: "JWT" },
    claims: { ...auth0User, azp: "web" },
    expected: { clientId: "web" },
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "ES256",
    header: { typ: "JWT" },
    claims: { ...auth0User, azp: "web" },
    expected: inactive,
  },
  { name: "a token without a type", claims: { ...auth0User, azp: "web" }, expected: inactive },
  {
    name: "an ID token",
    header: { typ: "JWT" },
    claims: { ...auth0User, aud: api, nonce: "n", sid: "s" },
    expected: inactive,
  },
  {
    name: "another tenant's token",
    claims: { ...auth0User, iss: "https://evil.eu.auth0.com/", azp: "web" },
    expected: inactive,
  },
  {
    name: "a token for another API",
    header: { typ: "JWT" },
    claims: { ...auth0User, aud: "https://other.example", azp: "web" },
    expected: inactive,
  },
  { name: "an opaque token", claims: {}, opaque: "v1.abcdefghijklmnop", expected: inactive },
]

const tenant = "11111111-2222-4333-8444-555555555555"
const second = "99999999-2222-4333-8444-555555555555"
const v2 = (id: string) => `https://login.microsoftonline.com/${id}/v2.0`
const v1 = (id: string) => `https://sts.windows.net/${id}/`
const keySetOf = (id: string) => `https://login.microsoftonline.com/${id}/discovery/v2.0/keys`
const entraUser = {
  iss: v2(tenant),
  sub: "pairwise",
  oid: "o",
  tid: tenant,
  aud: api,
  nbf: now - 60,
  ver: "2.0",
  ...times,
}

const entra: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token of version 2.0",
    header: { typ: "JWT" },
    claims: { ...entraUser, azp: "web", scp: "orders.read orders.write", roles: ["Admin"] },
    expected: {
      subject: "pairwise",
      subjectType: "user",
      clientId: "web",
      scopes: ["orders.read", "orders.write", "Admin"],
    },
  },
  {
    name: "a user's token of version 1.0",
    header: { typ: "JWT" },
    claims: { ...entraUser, iss: v1(tenant), ver: "1.0", appid: "web", scp: "orders.read" },
    expected: { subjectType: "user", clientId: "web", scopes: ["orders.read"] },
    keySet: keySetOf(tenant),
  },
  {
    name: "a user's token of the second tenant",
    header: { typ: "JWT" },
    claims: { ...entraUser, iss: v2(second), tid: second, azp: "web", scp: "orders.read" },
    expected: { subjectType: "user", issuer: v2(second) },
    keySet: keySetOf(second),
  },
  {
    name: "a user's token of version 1.0 of the second tenant",
    header: { typ: "JWT" },
    claims: { ...entraUser, iss: v1(second), tid: second, appid: "web", scp: "orders.read" },
    expected: { subjectType: "user", issuer: v1(second) },
    keySet: keySetOf(second),
  },
  {
    name: "a machine's token without idtyp",
    header: { typ: "JWT" },
    claims: { ...entraUser, azp: "daemon", roles: ["Orders.Read.All"] },
    expected: { subjectType: "client", clientId: "daemon", scopes: ["Orders.Read.All"] },
  },
  {
    name: "a machine's token with idtyp",
    header: { typ: "JWT" },
    claims: { ...entraUser, azp: "daemon", idtyp: "app", roles: ["Orders.Read.All"], scp: "x" },
    expected: { subjectType: "client", clientId: "daemon" },
  },
  {
    name: "a user's token with idtyp",
    header: { typ: "JWT" },
    claims: { ...entraUser, azp: "web", idtyp: "user", scp: "orders.read" },
    expected: { subjectType: "user", clientId: "web" },
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "PS256",
    header: { typ: "JWT" },
    claims: { ...entraUser, azp: "web", scp: "orders.read" },
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "at+jwt" },
    claims: { ...entraUser, azp: "web", scp: "orders.read" },
    expected: inactive,
  },
  {
    name: "an ID token where client and API are one registration",
    header: { typ: "JWT" },
    claims: { ...entraUser, nonce: "n", name: "Ada" },
    expected: inactive,
  },
  {
    name: "a token of a tenant that is not listed",
    header: { typ: "JWT" },
    claims: { ...entraUser, iss: v2("22222222-2222-4333-8444-555555555555"), azp: "web", scp: "orders.read" },
    expected: inactive,
  },
  {
    name: "a token of the template that the common document names",
    header: { typ: "JWT" },
    claims: { ...entraUser, iss: v2("{tenantid}"), azp: "web", scp: "orders.read" },
    expected: inactive,
  },
]

const pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
const otherPoolIssuer = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
const cognitoUser = {
  iss: pool,
  sub: "u-1",
  token_use: "access",
  client_id: "app",
  username: "ada",
  jti: "j",
  auth_time: now - 60,
  ...times,
}

const cognito: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token",
    claims: { ...cognitoUser, scope: "orders/read" },
    expected: { subject: "u-1", clientId: "app", scopes: ["orders/read"], audience: ["app"] },
  },
  {
    name: "a user's token of the pool's other issuer",
    claims: { ...cognitoUser, iss: otherPoolIssuer, scope: "orders/read" },
    expected: { subject: "u-1", issuer: otherPoolIssuer },
    keySet: `${otherPoolIssuer}/.well-known/jwks.json`,
  },
  {
    name: "a token bound to a resource",
    claims: { ...cognitoUser, client_id: "web", aud: "app" },
    expected: { audience: ["app"], clientId: "web" },
  },
  {
    name: "a token bound to another resource",
    claims: { ...cognitoUser, aud: "https://other.example" },
    expected: inactive,
  },
  { name: "a token of another app of the pool", claims: { ...cognitoUser, client_id: "other" }, expected: inactive },
  {
    name: "an ID token",
    claims: { iss: pool, sub: "u-1", token_use: "id", aud: "app", "cognito:username": "ada", ...times },
    expected: inactive,
  },
  { name: "a token that does not tell its kind", claims: { ...cognitoUser, token_use: undefined }, expected: inactive },
  {
    name: "a token that tells its kind in a word of other servers",
    claims: { ...cognitoUser, token_use: "access_token" },
    expected: inactive,
  },
  {
    name: "another pool's token",
    claims: { ...cognitoUser, iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Zz" },
    expected: inactive,
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "ES256",
    claims: cognitoUser,
    expected: inactive,
  },
  { name: "a token of another type", header: { typ: "JWT" }, claims: cognitoUser, expected: inactive },
]

const oktaIssuer = "https://acme.okta.com/oauth2/default"
const oktaUser = {
  iss: oktaIssuer,
  ver: 1,
  jti: "AT.1",
  aud: api,
  sub: "ada@acme.example",
  cid: "web",
  uid: "00u1",
  scp: ["read"],
  ...times,
}
const answered = ({ cid, scp, ...claims }: Json): Json => ({
  ...claims,
  active: true,
  client_id: cid,
  scope: (scp as ReadonlyArray<string>).join(" "),
  token_type: "Bearer",
})

const okta: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token",
    claims: oktaUser,
    answer: answered(oktaUser),
    expected: { subject: "ada@acme.example", subjectType: "user", clientId: "web", scopes: ["read"] },
  },
  {
    name: "a machine's token",
    claims: { ...oktaUser, sub: "worker", cid: "worker", uid: undefined },
    answer: answered({ ...oktaUser, sub: "worker", cid: "worker", uid: undefined }),
    expected: { subjectType: "client", clientId: "worker" },
  },
  {
    name: "a machine's token whose subject is not its client id",
    claims: { ...oktaUser, sub: "svc", cid: "worker", uid: undefined },
    answer: answered({ ...oktaUser, sub: "svc", cid: "worker", uid: undefined }),
    expected: { subjectType: "client", clientId: "worker" },
  },
  {
    name: "an ID token",
    claims: { ...oktaUser, jti: "ID.1" },
    answer: answered({ ...oktaUser, jti: "ID.1" }),
    expected: inactive,
  },
  {
    name: "an ID token with a client",
    claims: { ...oktaUser, jti: "ID.1", nonce: "n" },
    answer: answered(oktaUser),
    expected: inactive,
  },
  {
    name: "a refresh token",
    claims: {},
    opaque: "oktarefreshtokenoktarefreshtoken",
    answer: {
      active: true,
      token_type: "Bearer",
      client_id: "web",
      sub: "ada@acme.example",
      device_id: "d",
      scope: "read",
    },
    expected: inactive,
  },
  {
    name: "an opaque ID token's answer",
    claims: {},
    opaque: "someopaquetokensomeopaquetoken",
    answer: { active: true, token_type: "Bearer", jti: "ID.2", aud: api, sub: "ada@acme.example" },
    expected: inactive,
  },
  {
    name: "an opaque token that the server calls an access token",
    claims: {},
    opaque: "anopaqueaccesstokenofthisserver",
    answer: { active: true, token_type: "Bearer", jti: "AT.9", aud: api, client_id: "web", sub: "u", scope: "read" },
    expected: { clientId: "web", scopes: ["read"], subjectType: "user" },
  },
  {
    name: "a refresh token, where one is asked for",
    claims: {},
    opaque: "oktarefreshtokenoktarefreshtoken",
    expect: "refresh_token",
    answer: { active: true, token_type: "Bearer", client_id: "web", sub: "ada@acme.example", device_id: "d" },
    expected: { use: "refresh_token", clientId: "web" },
  },
  {
    name: "a token whose scopes only the signature names",
    claims: oktaUser,
    answer: { ...answered(oktaUser), scope: undefined },
    expected: { scopes: ["read"] },
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "PS256",
    claims: oktaUser,
    answer: answered(oktaUser),
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "JWT" },
    claims: oktaUser,
    answer: answered(oktaUser),
    expected: inactive,
  },
]

const zitadelIssuer = "https://acme.zitadel.cloud"
const zitadelUser = { iss: zitadelIssuer, sub: "170", aud: [api, "project"], jti: "V1", nbf: now - 60, ...times }

const zitadel: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's JWT",
    header: { typ: "JWT" },
    claims: zitadelUser,
    answer: { ...zitadelUser, active: true, client_id: "web", token_type: "Bearer", scope: "openid read" },
    expected: { subject: "170", clientId: "web", scopes: ["openid", "read"], tokenId: "V1" },
  },
  {
    name: "a service user's JWT, which looks like a user's",
    header: { typ: "JWT" },
    claims: { ...zitadelUser, sub: "service" },
    answer: { ...zitadelUser, sub: "service", active: true, client_id: "worker", token_type: "Bearer", scope: "read" },
    expected: { subject: "service", clientId: "worker" },
    unsaid: ["subjectType"],
  },
  {
    name: "a user's opaque token",
    claims: {},
    opaque: "opaqueopaqueopaqueopaque",
    answer: { ...zitadelUser, active: true, client_id: "web", token_type: "Bearer", scope: "read" },
    expected: { subject: "170", clientId: "web", scopes: ["read"] },
  },
  {
    name: "a JWT that names its client as authorized party",
    header: { typ: "JWT" },
    claims: { ...zitadelUser, azp: "web" },
    answer: { ...zitadelUser, active: true, token_type: "Bearer", scope: "read" },
    expected: { clientId: "web" },
  },
  {
    name: "an ID token",
    header: { typ: "JWT" },
    claims: { ...zitadelUser, jti: undefined, azp: "web", client_id: "web" },
    answer: { ...zitadelUser, active: true, client_id: "web", token_type: "Bearer" },
    expected: inactive,
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "ES256",
    header: { typ: "JWT" },
    claims: zitadelUser,
    answer: { ...zitadelUser, active: true, client_id: "web", token_type: "Bearer" },
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "at+jwt" },
    claims: zitadelUser,
    answer: { ...zitadelUser, active: true, client_id: "web", token_type: "Bearer" },
    expected: inactive,
  },
]

const logtoIssuer = "https://acme.logto.app/oidc"
const logtoUser = { iss: logtoIssuer, sub: "u", aud: api, client_id: "web", jti: "l", scope: "read", ...times }

const logto: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token for a resource",
    header: { typ: "at+jwt" },
    claims: logtoUser,
    expected: { subject: "u", clientId: "web", scopes: ["read"] },
  },
  {
    name: "a machine's token",
    header: { typ: "at+jwt" },
    claims: { ...logtoUser, sub: "web" },
    expected: { subjectType: "client" },
  },
  { name: "an ID token", header: { typ: "JWT" }, claims: { ...logtoUser, nonce: "n" }, expected: inactive },
  {
    name: "a token for an organization",
    header: { typ: "at+jwt" },
    claims: { ...logtoUser, aud: "urn:logto:organization:o" },
    expected: inactive,
  },
  {
    name: "an opaque token or a refresh token",
    claims: {},
    opaque: "opaqueopaqueopaqueopaque",
    answer: { active: true, sub: "u" },
    expected: inactive,
  },
  {
    name: "a token signed with ES384",
    algorithm: "ES384",
    header: { typ: "at+jwt" },
    claims: logtoUser,
    expected: { subject: "u" },
  },
  {
    name: "a token signed with an algorithm that is not documented",
    algorithm: "PS256",
    header: { typ: "at+jwt" },
    claims: logtoUser,
    expected: inactive,
  },
]

/** The configuration of each preset, and its tokens. */
export const documented = {
  auth0: { config: { issuer: auth0Issuer, audience: [api] }, tokens: auth0 },
  entra: {
    config: { tenants: [tenant, second], audience: [api] },
    tokens: entra,
    keyIssuer: (keySet) => keySet.replace(/(\/discovery)?\/v2\.0\/keys$/, "/v2.0"),
  },
  cognito: {
    config: { issuer: pool, domain: "https://acme.auth.eu-west-1.amazoncognito.com", audience: ["app"] },
    tokens: cognito,
  },
  okta: { config: { issuer: oktaIssuer, audience: [api] }, tokens: okta },
  zitadel: { config: { issuer: zitadelIssuer, audience: [api] }, tokens: zitadel },
  logto: { config: { endpoint: "https://acme.logto.app", audience: [api] }, tokens: logto },
  "better-auth": { config: { issuer: betterAuthIssuer, audience: [api] }, tokens: betterAuthTokens },
  keycloak: { config: { issuer: keycloakIssuer, audience: ["service"] }, tokens: keycloakTokens },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly config: object
      readonly tokens: ReadonlyArray<DocumentedToken>
      /** The member `issuer` of the keys, by the URL of their key set. */
      readonly keyIssuer?: (keySet: string) => string
    }
  >
>
