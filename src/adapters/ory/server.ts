/** Ory's server as data. */
import { clientAuthOf, withoutTrailingSlash } from "../oidc/kit.ts"
import type { Server } from "../oidc/server.ts"
import { adminUrlOf, type OrySettings, publicUrlOf } from "./config.ts"
import { assertionErrors, errors, errorText } from "./errors.ts"
import { spellings } from "./spellings.ts"

const ignoresScopes = "request fewer scopes in authorize: Ory keeps the granted scopes"

/**
 * The URLs that the server may take for its token endpoint, and for the audience of a client assertion.
 *
 * Every release compares with `urls.self.public`, which defaults to the issuer, and needs only one audience to match. The
 * server may be reached by another address than either.
 */
const tokenUrlsOf = (config: OrySettings): ReadonlyArray<string> =>
  Array.from(
    new Set([publicUrlOf(config), withoutTrailingSlash(config.issuer ?? publicUrlOf(config))]),
    (url) => `${url}/oauth2/token`,
  )

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
  assertionAudience: config.assertionAudience ? [config.assertionAudience] : tokenUrlsOf(config),
  offline: { scope: "offline_access" },
  audienceParameter: "audience",
  absentScopes: "none",
  token: {
    answers: "introspection_or_signature",
    jwt: {
      algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
      types: ["jwt", "at+jwt"],
      access: [{ name: "sub" }, { name: "client_id" }, { name: "jti" }],
      forbidden: ["nonce", "at_hash", "c_hash"],
    },
    // The server's configuration decides: an array, a string, or both.
    scopes: ["scp", "scope"],
    // The subject of a token is the user that `consent.acceptLogin` named, or the client.
    subjects: "users",
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
  traits: {
    inactiveWhenBroken: true,
    spellings,
    // v2.3.0 sends `typ: "JWT"`, and neither `exp` nor `sub`.
    logoutToken: { types: ["logout+jwt", "jwt"], withoutExpiry: true },
  },
  versionDependent: ["deviceAuthorization", "pollDevice", "clients.rotateSecret"],
})
