/** Okta with a custom authorization server: login, machine tokens, introspection after the check of the signature. */
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
} from "../oidc/index.ts"
import { loginOperations } from "../oidc/preset.ts"

/** The configuration of the `okta` adapter. */
export interface OktaConfig extends CommonConfig {
  /** The issuer of a custom authorization server, such as `https://acme.okta.com/oauth2/default`. */
  readonly issuer: string
}

const custom =
  "expected a custom authorization server, https://.../oauth2/<id>: tokens of the org server are for Okta only"

export const config = z.strictObject({ ...settings, issuer: baseUrl.regex(/\/oauth2\/[^/]+$/, custom) })

export const server = ({ issuer, ...credentials }: z.output<typeof config>): Server => ({
  issuer,
  metadataUrl: `${issuer}/.well-known/openid-configuration`,
  clientAuth: clientAuthOf(credentials),
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
})

/** Makes a provider for Okta. @see https://developer.okta.com/docs/guides/validate-access-tokens/ */
export const okta = configuredBy<OktaConfig>()(
  define({ id: "okta", config, check: missingAudience, can: [...loginOperations, "revoke"], server }),
)
