/** Logto: login, machine tokens, and access tokens for a resource, validated by their signature. */
import { z } from "zod"
import { baseUrl, type CommonConfig, configuredBy, define, settings, withoutTrailingSlash } from "../oidc/index.ts"
import { loginOperations, preset } from "../oidc/preset.ts"

/** The configuration of the `logto` adapter. */
export interface LogtoConfig extends CommonConfig {
  /** The endpoint of the tenant, such as `https://acme.logto.app`. The issuer is this with `/oidc`. */
  readonly endpoint: string
}

const ofTenant = "expected the endpoint of the tenant, without /oidc: the issuer is this with /oidc"

/** The definition of `logto`, to be changed and given to `define`. */
export const definition = preset({
  id: "logto",
  config: z.strictObject({ ...settings, endpoint: baseUrl.regex(/^(?!.*\/oidc\/?$)/, ofTenant) }),
  can: [...loginOperations, "revoke"],
  instead: { "clients.*": "Logto's console or its Management API" },
  server: ({ endpoint }) => ({
    issuer: `${withoutTrailingSlash(endpoint)}/oidc`,
    audienceParameter: "resource",
    offline: { scope: "offline_access", prompt: "consent" },
    revokes: "opaque",
    token: {
      // Logto's introspection response does not distinguish a refresh token from an access token, so it is not used.
      answers: "signature",
      jwt: { algorithms: ["ES384", "RS256"], types: ["at+jwt"] },
    },
  }),
})

/** Makes a provider for Logto. @see https://docs.logto.io/authorization/validate-access-tokens */
export const logto = configuredBy<LogtoConfig>()(define(definition))
