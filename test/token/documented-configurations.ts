/** Tokens of the shapes that vendors without an adapter document, with made-up values. */
import { now } from "../jwt/signing-keys.ts"
import type { DocumentedToken } from "./documented-token.ts"

const times = { iat: now - 60, exp: now + 3600 }
const inactive = "inactive" as const
const jwt = { typ: "JWT" }

const clerkUser = { iss: "https://acme.clerk.accounts.dev", sub: "user_1", client_id: "web", jti: "oat_1", ...times }
const clerkAnswer = { active: true, client_id: "web", sub: "user_1", scope: "profile", iat: times.iat }

const clerk: ReadonlyArray<DocumentedToken> = [
  {
    name: "a JWT",
    header: { typ: "at+jwt" },
    claims: { ...clerkUser, scp: "profile email" },
    answer: { ...clerkAnswer, scope: undefined },
    expected: { subject: "user_1", clientId: "web", scopes: ["profile", "email"] },
  },
  {
    name: "a JWT whose response has the scopes",
    header: { typ: "at+jwt" },
    claims: clerkUser,
    answer: clerkAnswer,
    expected: { scopes: ["profile"] },
  },
  {
    name: "an opaque access token",
    claims: {},
    opaque: "oat_abcdefghijkl",
    answer: clerkAnswer,
    expected: { clientId: "web" },
  },
  {
    name: "an opaque token of another prefix",
    claims: {},
    opaque: "abcdefghijklmnop",
    answer: clerkAnswer,
    expected: inactive,
  },
  {
    name: "a JWT whose type has the prefix that it may leave out",
    header: { typ: "application/at+jwt" },
    claims: clerkUser,
    answer: clerkAnswer,
    expected: { use: "access_token" },
  },
  { name: "a session token", header: jwt, claims: { ...clerkUser, sid: "s" }, answer: clerkAnswer, expected: inactive },
  {
    name: "a session token, by its signature alone",
    header: jwt,
    claims: { ...clerkUser, sid: "s" },
    freshness: "local",
    answer: clerkAnswer,
    expected: inactive,
  },
  {
    name: "a token signed with another algorithm",
    algorithm: "ES256",
    header: { typ: "at+jwt" },
    claims: clerkUser,
    answer: clerkAnswer,
    expected: inactive,
  },
]

const fusionUser = {
  iss: "https://acme.fusionauth.io",
  aud: "my-service",
  sub: "u",
  applicationId: "my-service",
  jti: "j",
  scope: "read",
  ...times,
}

const fusionauth: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token",
    header: jwt,
    claims: fusionUser,
    answer: { ...fusionUser, active: true },
    expected: { subject: "u", clientId: "my-service", scopes: ["read"] },
  },
  {
    name: "a user's token whose response does not name the application",
    header: jwt,
    claims: fusionUser,
    answer: { ...fusionUser, applicationId: undefined, active: true },
    expected: { subject: "u", clientId: "my-service" },
    unsaid: ["subjectType"],
  },
  {
    name: "a machine's token",
    header: jwt,
    claims: { ...fusionUser, applicationId: undefined, sub: "entity", scope: undefined, permissions: ["write"] },
    answer: {
      ...fusionUser,
      applicationId: undefined,
      sub: "entity",
      scope: undefined,
      permissions: ["write"],
      active: true,
    },
    expected: { subject: "entity", subjectType: "client", scopes: ["write"] },
  },
  {
    name: "an ID token of the code grant",
    header: jwt,
    claims: { ...fusionUser, at_hash: "h" },
    answer: { ...fusionUser, active: true },
    expected: inactive,
  },
  {
    name: "an ID token of the code grant, by its signature alone",
    header: jwt,
    claims: { ...fusionUser, at_hash: "h" },
    freshness: "local",
    answer: { ...fusionUser, active: true },
    expected: inactive,
  },
  {
    name: "an ID token with a nonce",
    header: jwt,
    claims: { ...fusionUser, nonce: "n" },
    answer: { ...fusionUser, active: true },
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "at+jwt" },
    claims: fusionUser,
    answer: { ...fusionUser, active: true },
    expected: inactive,
  },
  {
    name: "a token signed with another algorithm",
    algorithm: "ES256",
    header: jwt,
    claims: fusionUser,
    answer: { ...fusionUser, active: true },
    expected: inactive,
  },
  {
    name: "a token of another application",
    header: jwt,
    claims: { ...fusionUser, aud: "other" },
    answer: { ...fusionUser, aud: "other", active: true },
    expected: inactive,
  },
  {
    name: "a response whose active is a string",
    header: jwt,
    claims: fusionUser,
    answer: { ...fusionUser, active: "true" },
    expected: { error: "UnexpectedResponse" },
  },
]

const google: ReadonlyArray<DocumentedToken> = [
  { name: "an access token", claims: {}, opaque: "ya29.abcdefgh", expected: { error: "UnsupportedOperation" } },
  {
    name: "an ID token",
    claims: { iss: "https://accounts.google.com", sub: "1", aud: "my-service", azp: "my-service", ...times },
    expected: { error: "UnsupportedOperation" },
  },
]

const connect = {
  iss: "https://acme.authkit.app",
  aud: "client_01ENVIRONMENT",
  sub: "user_1",
  client_id: "client_01APPLICATION",
  jti: "j",
  scope: "openid",
  ...times,
}
const answered = { ...connect, active: true, token_type: "access_token" }

const workos: ReadonlyArray<DocumentedToken> = [
  {
    name: "a user's token",
    header: jwt,
    claims: connect,
    answer: answered,
    expected: { subject: "user_1", clientId: "client_01APPLICATION", scopes: ["openid"] },
  },
  {
    name: "a machine's token",
    header: jwt,
    claims: { ...connect, sub: "client_01APPLICATION" },
    answer: { ...answered, sub: "client_01APPLICATION" },
    expected: { subjectType: "client" },
  },
  {
    name: "a refresh token",
    claims: {},
    opaque: "refreshtokenofworkos",
    answer: { active: true, token_type: "refresh_token", sub: "user_1", client_id: "client_01APPLICATION" },
    expected: inactive,
  },
  {
    name: "an ID token",
    header: jwt,
    claims: { ...connect, jti: undefined },
    answer: answered,
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "at+jwt" },
    claims: connect,
    answer: answered,
    expected: inactive,
  },
  {
    name: "a token signed with another algorithm",
    algorithm: "ES256",
    header: jwt,
    claims: connect,
    answer: answered,
    expected: inactive,
  },
  {
    name: "a token for another environment",
    header: jwt,
    claims: { ...connect, aud: "client_01OTHER" },
    answer: { ...answered, aud: "client_01OTHER" },
    expected: inactive,
  },
]

/** The tokens of each configuration, by its name. */
const ownUser = { iss: "https://login.example", aud: "https://api.example", sub: "u", ...times }

const ownSigning: ReadonlyArray<DocumentedToken> = [
  {
    name: "an access token",
    header: jwt,
    claims: { ...ownUser, app: "web", permissions: ["read"] },
    expected: { clientId: "web", scopes: ["read"] },
  },
  {
    name: "an ID token",
    header: jwt,
    claims: { ...ownUser, app: "web", nonce: "n" },
    expected: inactive,
  },
  { name: "a refresh token", claims: {}, opaque: "refresh-1", expected: inactive },
  {
    name: "a token for another API",
    header: jwt,
    claims: { ...ownUser, aud: "https://other.example", app: "web" },
    expected: inactive,
  },
  {
    name: "a token of another type",
    header: { typ: "at+jwt" },
    claims: { ...ownUser, app: "web" },
    expected: inactive,
  },
  {
    name: "a token signed with another algorithm",
    algorithm: "ES256",
    header: jwt,
    claims: { ...ownUser, app: "web" },
    expected: inactive,
  },
]

const ownAnswer = { active: true, client_id: "web", scope: "read", ...ownUser }

const ownIntrospecting: ReadonlyArray<DocumentedToken> = [
  {
    name: "an access token",
    claims: {},
    opaque: "access-1",
    answer: { ...ownAnswer, grant: "access" },
    expected: { clientId: "web", scopes: ["read"] },
  },
  { name: "an ID token", header: jwt, claims: { ...ownUser, nonce: "n" }, answer: ownAnswer, expected: inactive },
  {
    name: "a refresh token",
    claims: {},
    opaque: "refresh-1",
    answer: { ...ownAnswer, grant: "refresh" },
    expected: inactive,
  },
  {
    name: "a refresh token where one is expected",
    claims: {},
    opaque: "refresh-1",
    expect: "refresh_token",
    answer: { ...ownAnswer, grant: "refresh" },
    expected: { use: "refresh_token" },
  },
  {
    name: "a token of another grant where a refresh token is expected",
    claims: {},
    opaque: "device-1",
    expect: "refresh_token",
    answer: { ...ownAnswer, grant: "device" },
    expected: inactive,
  },
  {
    name: "a token for another API",
    claims: {},
    opaque: "access-2",
    answer: { ...ownAnswer, grant: "access", aud: "https://other.example" },
    expected: inactive,
  },
]

export const configured = { clerk, fusionauth, google, ownIntrospecting, ownSigning, workos } as const
