/** Ory's server as data. */
import { clientAuthOf } from "../oidc/kit.ts"
import type { Server } from "../oidc/server.ts"
import { adminUrlOf, type OrySettings, publicUrlOf } from "./config.ts"
import { assertionErrors, errors, errorText } from "./errors.ts"

const ignoresScopes = "request fewer scopes in authorize: Ory keeps the granted scopes"

export const server = (config: OrySettings): Server => ({
  issuer: config.issuer ?? publicUrlOf(config),
  metadataUrl: `${publicUrlOf(config)}/.well-known/openid-configuration`,
  endpoints: {
    authorizationEndpoint: `${publicUrlOf(config)}/oauth2/auth`,
    tokenEndpoint: `${publicUrlOf(config)}/oauth2/token`,
    introspectionEndpoint: `${adminUrlOf(config)}/admin/oauth2/introspect`,
    revocationEndpoint: `${publicUrlOf(config)}/oauth2/revoke`,
    userinfoEndpoint: `${publicUrlOf(config)}/userinfo`,
    jwksUri: `${publicUrlOf(config)}/.well-known/jwks.json`,
    endSessionEndpoint: `${publicUrlOf(config)}/oauth2/sessions/logout`,
    registrationEndpoint: `${publicUrlOf(config)}/oauth2/register`,
    deviceAuthorizationEndpoint: `${publicUrlOf(config)}/oauth2/device/auth`,
  },
  clientAuth: clientAuthOf(config),
  introspectionAuth: config.apiKey ?? "none",
  assertionAudience: "token_endpoint",
  offline: { scope: "offline_access" },
  audienceParameter: "audience",
  absentScopes: "none",
  jwt: {
    algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
    types: ["jwt", "at+jwt"],
    required: ["sub", "client_id", "jti"],
    forbidden: ["nonce", "at_hash", "c_hash"],
    clientId: "client_id",
    // The server's configuration decides: an array, a string, or both.
    scopes: ["scp", "scope"],
  },
  prompts: {
    none: "none",
    login: "login",
    consent: "consent",
    select_account: "select_account",
    create: "registration",
  },
  extra: ["audience", "max_age", "id_token_hint", "ui_locales", "acr_values", "display"],
  unsupportedArguments: { "refresh.scopes": ignoresScopes },
  errors: config.privateKey ? [...errors, ...assertionErrors] : errors,
  errorText,
  traits: { inactiveWhenBroken: true },
  versionDependent: ["deviceAuthorization", "pollDevice", "clients.rotateSecret"],
})
