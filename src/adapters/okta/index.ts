/** Okta with a custom authorization server: login, machine tokens, introspection after the check of the signature. */
import { z } from "zod"
import { baseUrl, type CommonConfig, configuredBy, define, settings } from "../oidc/index.ts"
import { loginOperations, preset } from "../oidc/preset.ts"

/** The configuration of the `okta` adapter. */
export interface OktaConfig extends CommonConfig {
  /** The issuer of a custom authorization server, such as `https://acme.okta.com/oauth2/default`. */
  readonly issuer: string
}

const custom = "expected a custom server, https://.../oauth2/<id>: the org server's tokens are for Okta only"

/** The definition of `okta`, to be changed and given to `define`. */
export const definition = preset({
  id: "okta",
  config: z.strictObject({ ...settings, issuer: baseUrl.regex(/\/oauth2\/[^/]+$/, custom) }),
  can: [...loginOperations, "revoke"],
  instead: { "clients.*": "Okta's Admin Console or its Apps API" },
  server: ({ issuer }) => ({
    issuer,
    offline: { scope: "offline_access" },
    token: {
      answers: "introspection_or_signature",
      kind: [
        { name: "jti", starts: "AT.", use: "access_token" },
        { name: "jti", absent: true, use: "refresh_token" },
        { in: "token", use: "other" },
      ],
      jwt: { algorithms: ["RS256"], types: [""], access: [{ name: "jti", starts: "AT." }] },
      client: ["cid", "client_id"],
      scopes: ["scp", "scope"],
      machine: [{ in: "claims", name: "uid", absent: true }],
      subjects: "users",
    },
  }),
})

/** Makes a provider for Okta. @see https://developer.okta.com/docs/guides/validate-access-tokens/ */
export const okta = configuredBy<OktaConfig>()(define(definition))
