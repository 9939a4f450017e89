import type { Exchange, Reply } from "../http-server.ts"
import { adminJson } from "./replies.ts"
import type { Ory } from "./state.ts"

const grantTypes = ["authorization_code", "implicit", "client_credentials", "refresh_token"]
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
const credentialAlgorithms = ["PS256", "RS256", "ES256", "PS384", "RS384", "ES384", "PS512", "RS512", "ES512", "EdDSA"]

/**
 * GET /.well-known/openid-configuration.
 *
 * The metadata document lists the PKCE method `plain`, which the server rejects, and omits the JWT bearer grant.
 */
export const discovery = (_: Exchange, ory: Ory): Reply => {
  const url = (path: string) => `${ory.issuer}${path}`
  return adminJson(200, {
    issuer: ory.issuer,
    authorization_endpoint: url("/oauth2/auth"),
    ...(ory.isV26 ? { device_authorization_endpoint: url("/oauth2/device/auth") } : {}),
    registration_endpoint: url("/oauth2/register"),
    token_endpoint: url("/oauth2/token"),
    jwks_uri: url("/.well-known/jwks.json"),
    subject_types_supported: ["public"],
    response_types_supported: ["code", "code id_token", "id_token", "token id_token", "token", "token id_token code"],
    claims_supported: ["sub"],
    grant_types_supported: ory.isV26 ? [...grantTypes, deviceGrant] : grantTypes,
    response_modes_supported: ["query", "fragment", "form_post"],
    userinfo_endpoint: url("/userinfo"),
    scopes_supported: ["offline_access", "offline", "openid"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
    userinfo_signing_alg_values_supported: ["none", "RS256"],
    id_token_signing_alg_values_supported: ["RS256"],
    id_token_signed_response_alg: ["RS256"],
    userinfo_signed_response_alg: ["RS256"],
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    claims_parameter_supported: false,
    revocation_endpoint: url("/oauth2/revoke"),
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    end_session_endpoint: url("/oauth2/sessions/logout"),
    request_object_signing_alg_values_supported: ["none", "RS256", "ES256"],
    code_challenge_methods_supported: ["plain", "S256"],
    credentials_endpoint_draft_00: url("/credentials"),
    credentials_supported_draft_00: [
      {
        format: "jwt_vc_json",
        types: ["VerifiableCredential", "UserInfoCredential"],
        cryptographic_binding_methods_supported: ["jwk"],
        cryptographic_suites_supported: credentialAlgorithms,
      },
    ],
  })
}

/** GET /.well-known/jwks.json: the keys of ID tokens and of access tokens. */
export const jwks = (_: Exchange, ory: Ory): Reply =>
  adminJson(200, { keys: [ory.keys.idToken().publicJwk, ory.keys.accessToken().publicJwk] })
