import type { Exchange, Reply } from "../http-server.ts"
import { json } from "./replies.ts"
import { registrableScopes } from "./scopes.ts"
import type { Polar } from "./state.ts"

/** Returns the origin to which a request was sent. The server builds its URLs from it, not from its configuration. */
export const baseUrlOf = ({ headers }: Exchange, polar: Polar): string =>
  headers.host === undefined ? polar.apiUrl : `http://${headers.host}`

const secretMethods = ["client_secret_post", "client_secret_basic"]

/** Both metadata documents. The authorization endpoint is not on the host of the issuer. */
export const discovery = (exchange: Exchange, polar: Polar): Reply => {
  const url = (path: string) => `${baseUrlOf(exchange, polar)}${path}`
  return json(200, {
    issuer: polar.issuer,
    authorization_endpoint: `${polar.pageUrl}/oauth2/authorize`,
    token_endpoint: url("/v1/oauth2/token"),
    jwks_uri: url("/.well-known/jwks.json"),
    registration_endpoint: url("/v1/oauth2/register"),
    scopes_supported: registrableScopes,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["web", "authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    service_documentation: "https://polar.sh/docs",
    revocation_endpoint: url("/v1/oauth2/revoke"),
    revocation_endpoint_auth_methods_supported: secretMethods,
    introspection_endpoint: url("/v1/oauth2/introspect"),
    introspection_endpoint_auth_methods_supported: secretMethods,
    code_challenge_methods_supported: ["S256", "plain"],
    ...(polar.features.redirectsContainIss && { authorization_response_iss_parameter_supported: true }),
    userinfo_endpoint: url("/v1/oauth2/userinfo"),
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    // A user never has a `name`.
    claims_supported: ["sub", "name", "email", "email_verified"],
  })
}

/** GET /.well-known/jwks.json: the key set. */
export const jwks = (_: Exchange, polar: Polar): Reply =>
  json(200, {
    keys: polar.keys.published({ use: polar.features.keysHaveUse, alg: polar.readings.publishedAlg === "present" }),
  })
