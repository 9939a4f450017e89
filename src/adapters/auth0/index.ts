/** Auth0: login, machine tokens, and access tokens that are validated by their signature. */
import { z } from "zod"
import { baseUrl, type CommonConfig, configuredBy, define, settings } from "../oidc/index.ts"
import { loginOperations, preset } from "../oidc/preset.ts"

/** The configuration of the `auth0` adapter. */
export interface Auth0Config extends CommonConfig {
  /** The domain of the tenant, or its custom domain, as the issuer: `https://acme.eu.auth0.com/`, with the slash at the end. */
  readonly issuer: string
}

/** The definition of `auth0`, to be changed and given to `define`. */
export const definition = preset({
  id: "auth0",
  config: z.strictObject({ ...settings, issuer: baseUrl.regex(/\/$/, "expected a slash at the end, as in `iss`") }),
  can: [...loginOperations, "deviceAuthorization", "pollDevice", "revoke"],
  instead: { "clients.*": "Auth0's dashboard or its Management API" },
  server: ({ issuer }) => ({
    issuer,
    endpoints: { endSessionEndpoint: `${issuer}oidc/logout` },
    clientAuth: "client_secret_post",
    audienceParameter: "audience",
    offline: { scope: "offline_access" },
    revokes: "refresh_token",
    token: {
      answers: "signature",
      jwt: { algorithms: ["RS256", "PS256"], types: ["jwt", "at+jwt"] },
      client: ["azp", "client_id"],
      scopes: ["scope", "permissions"],
      machine: [{ name: "sub", ends: "@clients" }],
      subjects: "users",
    },
  }),
})

/** Makes a provider for Auth0. @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles */
export const auth0 = configuredBy<Auth0Config>()(define(definition))
