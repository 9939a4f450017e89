/** Vendors that introspect JWT access tokens, after their documentation. */
import { configuration, inScope, times, words } from "./claim-parts.ts"
import type { Claims, TokenFacts, VendorProfile } from "./profile.ts"

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

export const okta: VendorProfile = {
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

export const zitadel: VendorProfile = {
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

export const keycloak: VendorProfile = {
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
