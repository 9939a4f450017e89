import type { Exchange, Reply } from "../http-server.ts"
import { jsonReply } from "./replies.ts"
import type { Kinde } from "./state.ts"

/** GET /.well-known/openid-configuration. It lists response types that the server rejects, and no device endpoint. */
export const discovery = (_: Exchange, { issuer }: Kinde): Reply =>
  jsonReply(200, {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/auth`,
    token_endpoint: `${issuer}/oauth2/token`,
    userinfo_endpoint: `${issuer}/oauth2/v2/user_profile`,
    jwks_uri: `${issuer}/.well-known/jwks`,
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    end_session_endpoint: `${issuer}/logout`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    scopes_supported: ["address", "email", "offline", "openid", "phone", "profile"],
    claims_supported: ["aud", "exp", "iat", "iss", "sub"],
    response_types_supported: ["code", "token", "id_token", "code token", "code id_token", "code id_token token"],
    response_modes_supported: ["form_post", "query", "fragment"],
    subject_types_supported: ["public"],
    request_uri_parameter_supported: false,
  })

/** GET /.well-known/jwks and GET /.well-known/jwks.json. A request with an `Authorization` header is rejected. */
export const jwks = ({ headers }: Exchange, kinde: Kinde): Reply =>
  headers.authorization === undefined
    ? jsonReply(200, { keys: kinde.keys.published().map((key) => key.publicJwk) })
    : { status: 403 }
