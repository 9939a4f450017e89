/** Polar, as values. */
import { z } from "zod"
import type { Issue } from "../../ports/errors.ts"
import type { Server } from "../oidc/server.ts"
import { baseUrl, endpoint, settings, type Written } from "../oidc/configuration/settings.ts"
import { errors, errorText } from "./errors.ts"

/** What an application says of its Polar. */
export const config = z.strictObject({
  ...settings,
  environment: z.enum(["production", "sandbox"]).default("production"),
  /** The API's address, where it is neither environment's own. */
  apiUrl: baseUrl.optional(),
  /** The authorization page's address, where it is neither environment's own. */
  authorizeUrl: endpoint.optional(),
})

export const check = ({ privateKey }: Written): ReadonlyArray<Issue> =>
  privateKey === undefined ? [] : [{ path: "privateKey", message: "Polar has no such method: give clientSecret" }]

const hosts = {
  production: { api: "https://api.polar.sh", site: "https://polar.sh" },
  sandbox: { api: "https://sandbox-api.polar.sh", site: "https://sandbox.polar.sh" },
} as const

/** What every environment called itself before it took its API's address for a name. */
const formerIssuer = "https://polar.sh"

export const server = ({
  environment,
  apiUrl,
  authorizeUrl,
  clientAuth,
  clientSecret,
}: z.output<typeof config>): Server => {
  const api = apiUrl?.replace(/\/+$/, "") ?? hosts[environment].api
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
    clientAuth: clientAuth ?? (clientSecret ? "client_secret_post" : "none"),
    tokenUse: (_, token) => (token.startsWith("polar_rt_") ? "refresh_token" : "access_token"),
    absentTokenScope: "none",
    subjectTypeMember: "sub_type",
    prompts: { none: "none", login: "login", consent: "consent", select_account: "select_account" },
    extra: ["organizations", "sub_type"],
    refuses: {
      "authorize.loginHint": "Polar's page takes no hint",
      "introspect.expect": "Polar's introspection speaks of the access token only",
    },
    errors,
    errorText,
  }
}
