/** Vendors whose access tokens are validated by their signature, after their documentation. */
import { configuration, inScope, times, words } from "./claim-parts.ts"
import type { VendorProfile } from "./profile.ts"

export const auth0: VendorProfile = {
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

export const entra: VendorProfile = {
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

export const cognito: VendorProfile = {
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

export const logto: VendorProfile = {
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
