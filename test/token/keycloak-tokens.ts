/** Tokens of the shapes that a real Keycloak 26.7.3 issues, and its introspection responses. Values are made up. */
import { now } from "../jwt/signing-keys.ts"
import type { DocumentedToken, Json } from "./documented-token.ts"

export const keycloakIssuer = "https://id.example/realms/shop"
const times = { iat: now - 60, exp: now + 3600 }
const inactive = "inactive" as const
const jwt = { typ: "JWT" }

const user: Json = {
  ...times,
  auth_time: now - 60,
  jti: "onrtac:a400",
  iss: keycloakIssuer,
  aud: ["service", "account"],
  sub: "0151f979",
  typ: "Bearer",
  azp: "web",
  sid: "TUIOHkNZ",
  acr: "1",
  realm_access: { roles: ["offline_access"] },
  resource_access: { account: { roles: ["view-profile"] } },
  scope: "openid email read",
  preferred_username: "alice",
}

/** What introspection adds to the claims. */
const answered = (claims: Json, more: Json = {}): Json => ({
  ...claims,
  client_id: claims.azp,
  username: claims.preferred_username,
  token_type: claims.typ,
  active: true,
  ...more,
})

const machine: Json = {
  ...times,
  jti: "trrtcc:5f21",
  iss: keycloakIssuer,
  aud: ["service", "account"],
  sub: "99208ab5",
  typ: "Bearer",
  azp: "MixedCase",
  acr: "1",
  scope: "read",
  client_id: "MixedCase",
  clientHost: "127.0.0.1",
  clientAddress: "127.0.0.1",
  preferred_username: "service-account-mixedcase",
}

const { aud: _, scope: __, ...lightweight } = user
const idToken = { ...user, typ: "ID", aud: "service", at_hash: "h", nonce: "n" }
/** A refresh token: a JWT that only Keycloak can verify. */
const opaque = `${Buffer.from('{"alg":"HS512","typ":"JWT"}').toString("base64url")}.e30.c2ln`
const refresh = { ...times, iss: keycloakIssuer, aud: [keycloakIssuer, "service"], sub: "0151f979", azp: "web" }

/** A token with the claims, and the response that Keycloak gives for it. */
const row = (name: string, claims: Json, expected: Json | "inactive", more: Partial<DocumentedToken> = {}) => ({
  name,
  header: jwt,
  claims,
  answer: answered(claims),
  expected,
  ...more,
})

export const keycloakTokens: ReadonlyArray<DocumentedToken> = [
  row("a user's token, of whose subject Keycloak does not say what it is", user, {}, { unsaid: ["subjectType"] }),
  row("a user's token", user, {
    subject: "0151f979",
    clientId: "web",
    username: "alice",
    audience: ["service", "account"],
    scopes: ["openid", "email", "read"],
    sessionId: "TUIOHkNZ",
    claims: { realm_access: { roles: ["offline_access"] }, resource_access: { account: { roles: ["view-profile"] } } },
  }),
  row("a service account's token", machine, { subject: "99208ab5", subjectType: "client", clientId: "MixedCase" }),
  row("a token in the format of RFC 9068", user, { subject: "0151f979" }, { header: { typ: "at+jwt" } }),
  row(
    "a token bound to a DPoP key",
    { ...user, typ: "DPoP", cnf: { jkt: "thumbprint" } },
    { confirmation: { jkt: "thumbprint" } },
  ),
  row("an ID token", idToken, inactive),
  row("an ID token without a hash, which only its type gives away", { ...user, typ: "ID", aud: "service" }, inactive),
  row("a JWT of a kind that is not known", { ...user, typ: "Another" }, inactive, { answer: answered(user) }),
  row("a token of another realm", { ...user, iss: "https://id.example/realms/other" }, inactive),
  row("a token that Keycloak reports as inactive", user, inactive, { answer: { active: false } }),
  ...["Refresh", "Offline"].map((typ) =>
    row(
      `a token of the type ${typ}, where a refresh token is expected`,
      {},
      { use: "refresh_token" },
      {
        opaque,
        expect: "refresh_token",
        answer: answered({ ...refresh, typ }),
      },
    ),
  ),
  row("a refresh token that introspects as active, where an access token is expected", {}, inactive, {
    opaque,
    answer: answered({ ...refresh, typ: "Refresh" }),
  }),
  row("an access token where a refresh token is expected", user, inactive, { expect: "refresh_token" }),
  row("an ID token where a refresh token is expected", idToken, inactive, { expect: "refresh_token" }),
  row("a token of a type that is not known, where a refresh token is expected", {}, inactive, {
    opaque,
    expect: "refresh_token",
    answer: answered({ ...refresh, typ: "RegistrationAccessToken" }),
  }),
  row(
    "a lightweight token, of which only the response has the audience",
    lightweight,
    { audience: ["service"] },
    {
      answer: answered({ ...user, aud: "service" }),
    },
  ),
  row("a lightweight token for another audience", lightweight, inactive, {
    answer: answered({ ...user, aud: "account" }),
  }),
  row("a lightweight token without an audience in the response either", lightweight, inactive),
]
