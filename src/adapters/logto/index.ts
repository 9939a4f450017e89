/** Logto: login, machine tokens, and access tokens for a resource, validated by their signature. */
import { z } from "zod"
import {
  baseUrl,
  type CommonConfig,
  clientAuthOf,
  configuredBy,
  define,
  missingAudience,
  type Server,
  settings,
  withoutTrailingSlash,
} from "../oidc/index.ts"
import { loginOperations } from "../oidc/preset.ts"

/** The configuration of the `logto` adapter. */
export interface LogtoConfig extends CommonConfig {
  /** The endpoint of the tenant, such as `https://acme.logto.app`. The issuer is this with `/oidc`. */
  readonly endpoint: string
}

export const config = z.strictObject({ ...settings, endpoint: baseUrl })

export const server = ({ endpoint, ...credentials }: z.output<typeof config>): Server => ({
  issuer: `${withoutTrailingSlash(endpoint)}/oidc`,
  metadataUrl: `${withoutTrailingSlash(endpoint)}/oidc/.well-known/openid-configuration`,
  clientAuth: clientAuthOf(credentials),
  audienceParameter: "resource",
  offline: { scope: "offline_access", prompt: "consent" },
  token: {
    // Logto's introspection response does not tell a refresh token from an access token, so it is not asked.
    answers: "signature",
    jwt: { algorithms: ["ES384", "RS256"], types: ["at+jwt"] },
  },
})

/** Makes a provider for Logto. @see https://docs.logto.io/authorization/validate-access-tokens */
export const logto = configuredBy<LogtoConfig>()(
  define({ id: "logto", config, check: missingAudience, can: [...loginOperations, "revoke"], server }),
)
