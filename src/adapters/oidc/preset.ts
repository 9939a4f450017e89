/** The base of the presets: the definition of a vendor with login, machine tokens and JWT access tokens. */
import type { z } from "zod"
import type { ClientAuthMethod } from "../../ports/clients.ts"
import type { TokenIssuer } from "../../ports/token-profile.ts"
import { baseUrl, type Settings } from "./configuration/settings.ts"
import type { Definition } from "./definition.ts"
import type { Instead } from "./instead.ts"
import { clientAuthOf, missingAudience, withoutTrailingSlash } from "./kit.ts"
import type { StandardOperation } from "./operations/standard-operations.ts"
import type { Server } from "./server.ts"

/** The operations of a server with login, machine tokens and JWT access tokens. */
export const loginOperations = [
  "authorize",
  "exchange",
  "refresh",
  "clientCredentials",
  "introspect",
  "userInfo",
  "metadata.discover",
  "metadata.keys",
  "session.end",
] as const satisfies ReadonlyArray<StandardOperation>

/** The issuer of a vendor whose `iss` has no slash at the end. It is compared as a string. */
export const plainIssuer = baseUrl.regex(/[^/]$/, "remove the slash at the end, as in `iss`")

/** A definition with only the differences of the server from the usual one. */
interface Preset<Can extends StandardOperation, Config extends z.ZodType<Settings>, Id extends string>
  extends Omit<Definition<Can, Config, Id>, "server" | "operations"> {
  readonly server: (config: z.output<Config>) => PresetServer
}

interface PresetServer extends Omit<Server, "metadataUrl" | "clientAuth"> {
  /** The vendor's usual method for a client with a secret. Default `"client_secret_basic"`. */
  readonly clientAuth?: ClientAuthMethod
}

/**
 * Completes a definition: metadata below the issuer, client authentication by the configured credential, and a required
 * `audience`, because every API of a tenant can validate the tokens of such a vendor.
 */
export const preset = <
  const Can extends StandardOperation,
  Config extends z.ZodType<Settings>,
  const Id extends string,
>({
  server,
  ...definition
}: Preset<Can, Config, Id>): Definition<Can, Config, Id> => ({
  check: missingAudience,
  ...definition,
  instead: { "registration.*": definition.instead?.["clients.*"], ...definition.instead } as Instead,
  server: (config) => {
    const { clientAuth, ...values } = server(config)
    return {
      metadataUrl: `${withoutTrailingSlash(values.issuer)}/.well-known/openid-configuration`,
      clientAuth: clientAuthOf(config, clientAuth),
      ...values,
    }
  },
})

/**
 * The issuers of the configured tenants, each with the key set of its tenant. The first one is the server's. A template is
 * filled from the configuration and never from a token: otherwise a token could choose the keys that verify it.
 */
export const issuersOf = (
  tenants: ReadonlyArray<string>,
  templates: { readonly issuers: ReadonlyArray<string>; readonly jwksUri: string; readonly keyIssuer: string },
): { readonly issuer: string; readonly issuers: ReadonlyArray<TokenIssuer> } => {
  const fill = (template: string, tenant: string) => template.replaceAll("{tenant}", tenant)
  const [first, ...issuers] = tenants.flatMap((tenant) =>
    templates.issuers.map((template) => {
      const issuer = fill(template, tenant)
      const keyIssuer = fill(templates.keyIssuer, tenant)
      return { issuer, jwksUri: fill(templates.jwksUri, tenant), ...(keyIssuer !== issuer && { keyIssuer }) }
    }),
  )
  return { issuer: first?.issuer ?? "", issuers }
}
