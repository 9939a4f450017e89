/** The configuration of the `entra` adapter, and the issuers that it lists. */
import { z } from "zod"
import { baseUrl, type CommonConfig, settings, withoutTrailingSlash } from "../oidc/index.ts"
import { issuersOf } from "../oidc/preset.ts"

/** The configuration of the `entra` adapter. */
export interface EntraConfig extends CommonConfig {
  /** The ids of the tenants whose tokens are accepted. Requests go to the first one. */
  readonly tenants: ReadonlyArray<string>
  /** The host of the cloud. Default `https://login.microsoftonline.com`. */
  readonly cloud?: string | undefined
  /** The host of the issuers of version 1 tokens. Default `https://sts.windows.net`. */
  readonly legacyIssuer?: string | undefined
  /** The origin of Microsoft Graph, where UserInfo is. Default `https://graph.microsoft.com`; other clouds have their own. */
  readonly graph?: string | undefined
}

const tenant = z
  .guid('expected the id of a tenant, a UUID: "common" and names would accept tokens of any tenant')
  // `iss` has it in lower case, and is compared as a string.
  .toLowerCase()

export const config = z.strictObject({
  ...settings,
  tenants: z.array(tenant).min(1).readonly(),
  cloud: baseUrl.transform(withoutTrailingSlash).default("https://login.microsoftonline.com"),
  legacyIssuer: baseUrl.transform(withoutTrailingSlash).default("https://sts.windows.net"),
  graph: baseUrl.transform((url) => new URL(url).origin).default("https://graph.microsoft.com"),
})

/** Returns the issuers of both versions of tokens. The registration of an API chooses the version, not the request. */
export const issuersOfTenants = ({ tenants, cloud, legacyIssuer }: z.output<typeof config>) =>
  issuersOf(tenants, {
    issuers: [`${cloud}/{tenant}/v2.0`, `${legacyIssuer}/{tenant}/`],
    jwksUri: `${cloud}/{tenant}/discovery/v2.0/keys`,
    // The keys name the issuer of version 2 tokens; they sign tokens of both versions.
    keyIssuer: `${cloud}/{tenant}/v2.0`,
  })

/** The origin of UserInfo. */
export const graphOf = ({ graph }: z.output<typeof config>) => ({
  origins: [graph],
  originAdvice: 'configure "graph", the origin of Microsoft Graph in this cloud',
})

/** The alternatives to operations that Entra ID lacks. */
export const instead = {
  revoke: "wait until the token expires: Entra ID has no revocation endpoint",
  exchangeToken: "Entra ID's on-behalf-of flow, with Microsoft's own library",
  "clients.*": "the Entra admin center, or the applications of Microsoft Graph",
} as const
