/** The vendors that the emulator of `startVendor` plays, after their documentation. No hosted service was called. */
import type { Claims, TokenFacts, VendorProfile } from "./profile.ts"

const configuration = "/.well-known/openid-configuration"

const times = ({ iat, exp }: TokenFacts): Claims => ({ iat, exp })

const words = (scopes: ReadonlyArray<string>): string => scopes.join(" ")

/** Returns what a scope of the request has between a beginning and an ending. */
const inScope = (parameters: URLSearchParams, starts: string, ends: string): string | undefined =>
  parameters
    .get("scope")
    ?.split(" ")
    .find((scope) => scope.startsWith(starts) && scope.endsWith(ends))
    ?.slice(starts.length, -ends.length)

const auth0: VendorProfile = {
  issuer: (origin) => `${origin}/`,
  metadata: configuration,
  paths: {
    authorization_endpoint: "/authorize",
    token_endpoint: "/oauth/token",
    device_authorization_endpoint: "/oauth/device/code",
    revocation_endpoint: "/oauth/revoke",
    userinfo_endpoint: "/userinfo",
    jwks_uri: "/.well-known/jwks.json",
    end_session_endpoint: "/oidc/logout",
  },
  hidesLogout: true,
  algorithm: "RS256",
  type: "JWT",
  audienceIn: (parameters) => parameters.get("audience") ?? undefined,
  opaqueWithoutAudience: true,
  claims: (facts) => ({
    iss: facts.issuer,
    sub: facts.user ?? `${facts.clientId}@clients`,
    aud: facts.scopes.includes("openid") ? [facts.audience, `${facts.issuer}userinfo`] : facts.audience,
    azp: facts.clientId,
    scope: words(facts.scopes),
    ...(facts.user === undefined && { gty: "client-credentials" }),
    ...times(facts),
  }),
}

/** The tenant of the emulated Entra ID. */
export const entraTenant = "11111111-2222-4333-8444-555555555555"

const entra: VendorProfile = {
  issuer: (origin) => `${origin}/${entraTenant}/v2.0`,
  metadata: `/${entraTenant}/v2.0${configuration}`,
  paths: {
    authorization_endpoint: `/${entraTenant}/oauth2/v2.0/authorize`,
    token_endpoint: `/${entraTenant}/oauth2/v2.0/token`,
    jwks_uri: `/${entraTenant}/discovery/v2.0/keys`,
    end_session_endpoint: `/${entraTenant}/oauth2/v2.0/logout`,
    userinfo_endpoint: "/oidc/userinfo",
  },
  algorithm: "RS256",
  type: "JWT",
  audienceIn: (parameters) => inScope(parameters, "", "/.default"),
  refuses: (form) =>
    form.get("grant_type") === "client_credentials" && !/^\S+\/\.default$/.test(form.get("scope") ?? "")
      ? {
          error: "invalid_scope",
          error_description: "AADSTS70011: The provided request must include a 'scope' input parameter.",
          error_codes: [70011],
        }
      : undefined,
  claims: (facts) => ({
    iss: facts.issuer,
    aud: facts.audience,
    azp: facts.clientId,
    tid: entraTenant,
    ver: "2.0",
    uti: facts.id,
    nbf: facts.iat,
    sub: facts.user ?? `object-of-${facts.clientId}`,
    oid: facts.user ?? `object-of-${facts.clientId}`,
    // A user's token has delegated permissions, and a machine's token has the roles that the API assigned to it.
    ...(facts.user === undefined ? { roles: facts.clientScopes } : { scp: words(facts.scopes) }),
    ...times(facts),
  }),
}

const cognito: VendorProfile = {
  issuer: (origin) => `${origin}/eu-west-1_Ab12Cd34e`,
  metadata: `/eu-west-1_Ab12Cd34e${configuration}`,
  paths: {
    authorization_endpoint: "/oauth2/authorize",
    token_endpoint: "/oauth2/token",
    revocation_endpoint: "/oauth2/revoke",
    userinfo_endpoint: "/oauth2/userInfo",
    jwks_uri: "/eu-west-1_Ab12Cd34e/.well-known/jwks.json",
    end_session_endpoint: "/logout",
  },
  hidesLogout: true,
  logoutParameters: { post_logout_redirect_uri: "logout_uri" },
  algorithm: "RS256",
  audienceIn: () => undefined,
  refreshTokens: "always",
  claims: (facts) => ({
    iss: facts.issuer,
    sub: facts.user ?? facts.clientId,
    token_use: "access",
    client_id: facts.clientId,
    scope: words(facts.scopes),
    jti: facts.id,
    ...(facts.user !== undefined && { username: facts.user }),
    ...times(facts),
  }),
}

const oktaClaims = (facts: TokenFacts): Claims => ({
  ver: 1,
  jti: `AT.${facts.id}`,
  iss: facts.issuer,
  aud: facts.audience,
  sub: facts.user ?? facts.clientId,
  cid: facts.clientId,
  ...(facts.user !== undefined && { uid: `00u${facts.user}` }),
  scp: facts.scopes,
  ...times(facts),
})

const okta: VendorProfile = {
  issuer: (origin) => `${origin}/oauth2/default`,
  metadata: `/oauth2/default${configuration}`,
  paths: {
    authorization_endpoint: "/oauth2/default/v1/authorize",
    token_endpoint: "/oauth2/default/v1/token",
    introspection_endpoint: "/oauth2/default/v1/introspect",
    revocation_endpoint: "/oauth2/default/v1/revoke",
    userinfo_endpoint: "/oauth2/default/v1/userinfo",
    jwks_uri: "/oauth2/default/v1/keys",
    end_session_endpoint: "/oauth2/default/v1/logout",
  },
  algorithm: "RS256",
  audienceIn: () => undefined,
  claims: oktaClaims,
  answer: (facts) => {
    const { cid, scp: _, ver: __, ...claims } = oktaClaims(facts)
    return { active: true, ...claims, client_id: cid, scope: words(facts.scopes), token_type: "Bearer" }
  },
  // A refresh token has the same `token_type` as an access token, and no `jti`.
  refreshAnswer: ({ active, client_id, exp, scope, sub }) => ({
    ...{ active, client_id, exp, scope, sub },
    token_type: "Bearer",
    device_id: "device",
  }),
  revokesAccessTokens: true,
}

const zitadelClaims = (facts: TokenFacts): Claims => ({
  iss: facts.issuer,
  // A machine is a user of another kind, with an id like that of a person.
  sub: facts.user ?? `id-of-${facts.clientId}`,
  aud: [facts.clientId, facts.audience],
  jti: facts.id,
  nbf: facts.iat,
  ...times(facts),
})

const zitadel: VendorProfile = {
  issuer: (origin) => origin,
  metadata: configuration,
  paths: {
    authorization_endpoint: "/oauth/v2/authorize",
    token_endpoint: "/oauth/v2/token",
    device_authorization_endpoint: "/oauth/v2/device_authorization",
    introspection_endpoint: "/oauth/v2/introspect",
    revocation_endpoint: "/oauth/v2/revoke",
    userinfo_endpoint: "/oidc/v1/userinfo",
    jwks_uri: "/oauth/v2/keys",
    end_session_endpoint: "/oidc/v1/end_session",
  },
  algorithm: "RS256",
  type: "JWT",
  audienceIn: (parameters) => inScope(parameters, "urn:zitadel:iam:org:project:id:", ":aud"),
  claims: zitadelClaims,
  answer: (facts) => ({
    active: true,
    ...zitadelClaims(facts),
    client_id: facts.clientId,
    scope: words(facts.scopes),
    token_type: "Bearer",
    ...(facts.user !== undefined && { username: facts.user }),
  }),
  revokesAccessTokens: true,
}

const logto: VendorProfile = {
  issuer: (origin) => `${origin}/oidc`,
  metadata: `/oidc${configuration}`,
  paths: {
    authorization_endpoint: "/oidc/auth",
    token_endpoint: "/oidc/token",
    introspection_endpoint: "/oidc/token/introspection",
    revocation_endpoint: "/oidc/token/revocation",
    userinfo_endpoint: "/oidc/me",
    jwks_uri: "/oidc/jwks",
    end_session_endpoint: "/oidc/session/end",
  },
  algorithm: "ES384",
  type: "at+jwt",
  audienceIn: (parameters) => parameters.get("resource") ?? undefined,
  opaqueWithoutAudience: true,
  claims: (facts) => ({
    iss: facts.issuer,
    sub: facts.user ?? facts.clientId,
    aud: facts.audience,
    client_id: facts.clientId,
    jti: facts.id,
    scope: words(facts.scopes),
    ...times(facts),
  }),
  answer: ({ user, clientId }) => ({ active: true, sub: user ?? clientId }),
  refreshAnswer: ({ sub }) => ({ active: true, sub }),
}

const keycloakClaims = (facts: TokenFacts): Claims => ({
  iss: facts.issuer,
  jti: facts.id,
  // A service account is a hidden user, with an id of its own.
  sub: facts.user ?? `id-of-${facts.clientId}`,
  typ: "Bearer",
  azp: facts.clientId,
  aud: [facts.clientId, facts.audience],
  scope: words(facts.scopes),
  ...(facts.user === undefined && { client_id: facts.clientId }),
  ...times(facts),
})

const keycloakPath = "/realms/example/protocol/openid-connect"

const keycloak: VendorProfile = {
  issuer: (origin) => `${origin}/realms/example`,
  metadata: `/realms/example${configuration}`,
  paths: {
    authorization_endpoint: `${keycloakPath}/auth`,
    token_endpoint: `${keycloakPath}/token`,
    device_authorization_endpoint: `${keycloakPath}/auth/device`,
    introspection_endpoint: `${keycloakPath}/token/introspect`,
    revocation_endpoint: `${keycloakPath}/revoke`,
    userinfo_endpoint: `${keycloakPath}/userinfo`,
    jwks_uri: `${keycloakPath}/certs`,
    end_session_endpoint: `${keycloakPath}/logout`,
  },
  algorithm: "RS256",
  type: "JWT",
  audienceIn: () => undefined,
  claims: keycloakClaims,
  answer: (facts) => ({
    active: true,
    ...keycloakClaims(facts),
    client_id: facts.clientId,
    token_type: "Bearer",
    username: facts.user ?? `service-account-${facts.clientId.toLowerCase()}`,
  }),
  refreshAnswer: ({ active, client_id, exp, scope, sub, iss }) => ({
    ...{ active, client_id, exp, scope, sub, iss },
    typ: "Refresh",
    token_type: "Refresh",
    aud: iss,
  }),
  revokesAccessTokens: true,
}

/** The profile of each vendor that `startVendor` plays. */
export const profiles = { auth0, cognito, entra, keycloak, logto, okta, zitadel } as const satisfies Readonly<
  Record<string, VendorProfile>
>

/** A vendor that `startVendor` plays. */
export type VendorName = keyof typeof profiles
