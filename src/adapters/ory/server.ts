/** Ory, as values. */
import type { Server } from "../oidc/server.ts"
import { adminSide, type Config, publicSide } from "./config.ts"
import { assertionErrors, errors, errorText } from "./errors.ts"

const ignoresScopes = "Ory keeps the scopes that were granted; ask for fewer at authorize"

export const server = (config: Config): Server => ({
  issuer: config.issuer ?? publicSide(config),
  metadataUrl: `${publicSide(config)}/.well-known/openid-configuration`,
  endpoints: {
    authorizationEndpoint: `${publicSide(config)}/oauth2/auth`,
    tokenEndpoint: `${publicSide(config)}/oauth2/token`,
    introspectionEndpoint: `${adminSide(config)}/admin/oauth2/introspect`,
    revocationEndpoint: `${publicSide(config)}/oauth2/revoke`,
    userinfoEndpoint: `${publicSide(config)}/userinfo`,
    jwksUri: `${publicSide(config)}/.well-known/jwks.json`,
    endSessionEndpoint: `${publicSide(config)}/oauth2/sessions/logout`,
    registrationEndpoint: `${publicSide(config)}/oauth2/register`,
    deviceAuthorizationEndpoint: `${publicSide(config)}/oauth2/device/auth`,
  },
  clientAuth:
    config.clientAuth ?? (config.privateKey ? "private_key_jwt" : config.clientSecret ? "client_secret_basic" : "none"),
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
    // By configuration of the server: an array, a string, or both.
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
  refuses: { "refresh.scopes": ignoresScopes },
  errors: config.privateKey ? [...errors, ...assertionErrors] : errors,
  errorText,
  traits: { inactiveWhenBroken: true },
  versionDependent: ["deviceAuthorization", "pollDevice", "clients.rotateSecret"],
})
