/** Microsoft Entra ID: login, machine tokens, and access tokens of listed tenants, validated by their signature. */
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

/** The configuration of the `entra` adapter. */
export interface EntraConfig extends CommonConfig {
  /** The ids of the tenants whose tokens are accepted. Requests go to the first one. */
  readonly tenants: ReadonlyArray<string>
  /** The host of the cloud. Default `https://login.microsoftonline.com`. */
  readonly cloud?: string | undefined
  /** The host of the issuers of version 1.0 tokens. Default `https://sts.windows.net`. */
  readonly legacyIssuer?: string | undefined
}

const tenant = z.uuid('expected the id of a tenant, a UUID: "common" and names would accept tokens of any tenant')

export const config = z.strictObject({
  ...settings,
  tenants: z.array(tenant).min(1).readonly(),
  cloud: baseUrl.default("https://login.microsoftonline.com"),
  legacyIssuer: baseUrl.default("https://sts.windows.net"),
})

export const server = ({
  tenants: [first = "", ...others],
  cloud,
  legacyIssuer,
  ...credentials
}: z.output<typeof config>): Server => ({
  issuer: `${cloud}/${first}/v2.0`,
  metadataUrl: `${cloud}/${first}/v2.0/.well-known/openid-configuration`,
  clientAuth: clientAuthOf(credentials, "client_secret_post"),
  audienceParameter: { scope: "{audience}/.default" },
  offline: { scope: "offline_access" },
  origins: ["https://graph.microsoft.com"],
  token: {
    answers: "signature",
    // Each tenant has its key set, and issuers of two versions. A token never chooses its key set.
    issuers: [first, ...others].flatMap((id) =>
      [`${cloud}/${id}/v2.0`, `${legacyIssuer}/${id}/`]
        .filter((issuer) => issuer !== `${cloud}/${first}/v2.0`)
        .map((issuer) => ({ issuer, jwksUri: `${cloud}/${id}/discovery/v2.0/keys` })),
    ),
    jwt: { algorithms: ["RS256"], types: ["jwt"] },
    client: ["azp", "appid"],
    scopes: ["scp", "roles"],
    machine: [
      { name: "idtyp", is: "app" },
      { name: "scp", absent: true },
    ],
    subjects: "users",
  },
})

/** Makes a provider for Entra ID. @see https://learn.microsoft.com/entra/identity-platform/access-tokens */
export const entra = configuredBy<EntraConfig>()(
  define({
    id: "entra",
    config,
    check: missingAudience,
    can: loginOperations,
    server,
    instead: { revoke: "wait until the token expires: Entra ID has no revocation endpoint" },
  }),
)
