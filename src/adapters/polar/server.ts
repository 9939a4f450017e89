/** Polar's server as data. */
import { clientAuthOf, withoutTrailingSlash } from "../oidc/kit.ts"
import type { Server } from "../oidc/server.ts"
import type { PolarSettings } from "./config.ts"
import { errors, errorText } from "./errors.ts"

const hosts = {
  production: { api: "https://api.polar.sh", site: "https://polar.sh" },
  sandbox: { api: "https://sandbox-api.polar.sh", site: "https://sandbox.polar.sh" },
} as const

/** The issuer of every environment before it was changed to the address of the API. */
const formerIssuer = "https://polar.sh"

export const server = ({ environment, apiUrl, authorizeUrl, ...credentials }: PolarSettings): Server => {
  const api = withoutTrailingSlash(apiUrl ?? hosts[environment].api)
  return {
    issuer: api,
    formerIssuer,
    metadataUrl: `${api}/.well-known/openid-configuration`,
    endpoints: {
      authorizationEndpoint: authorizeUrl ?? `${hosts[environment].site}/oauth2/authorize`,
      tokenEndpoint: `${api}/v1/oauth2/token`,
      introspectionEndpoint: `${api}/v1/oauth2/introspect`,
      revocationEndpoint: `${api}/v1/oauth2/revoke`,
      userinfoEndpoint: `${api}/v1/oauth2/userinfo`,
      registrationEndpoint: `${api}/v1/oauth2/register`,
      jwksUri: `${api}/.well-known/jwks.json`,
    },
    clientAuth: clientAuthOf(credentials, "client_secret_post"),
    token: {
      kind: [
        { in: "token", starts: "polar_rt_", use: "refresh_token" },
        // Only ID tokens are JWTs.
        { in: "token", starts: "eyJ", use: "other" },
        { in: "token", use: "access_token" },
      ],
    },
    absentTokenScope: "none",
    subjectTypeMember: "sub_type",
    prompts: { none: "none", login: "login", consent: "consent", select_account: "select_account" },
    extra: ["organizations", "sub_type"],
    unsupportedArguments: {
      "authorize.loginHint": "leave it out: Polar's login page takes no hint",
      "introspect.expect": "leave it out: Polar introspects access tokens only",
    },
    errors,
    errorText,
  }
}
