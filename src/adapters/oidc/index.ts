/** The generic adapter for any provider that follows OpenID Connect and RFC 7662, and the pieces to write an adapter. */
import { z } from "zod"
import type { CommonConfig } from "./configuration/common-config.ts"
import { baseUrl, endpoint, settings } from "./configuration/settings.ts"
import { configuredBy, define } from "./define.ts"
import { clientAuthOf, withoutTrailingSlash } from "./kit.ts"
import { standardOperations } from "./operations/standard-operations.ts"

export type { CommonConfig, PrivateJwk, Secret } from "./configuration/common-config.ts"
export type { DurationInput } from "./configuration/duration.ts"
export { baseUrl, endpoint, type Settings, secret, settings } from "./configuration/settings.ts"
export type { UncheckedConfiguration } from "./configuration/unchecked.ts"
export { configuredBy, define } from "./define.ts"
export type { Adapter, AdapterOptions, Definition, Override, Raw, Raws } from "./definition.ts"
export type { Call, Engine, ServiceToken } from "./engine/engine.ts"
export { decode } from "./http/json-response.ts"
export { clientAuthOf, failIf, withoutTrailingSlash, withQuery } from "./kit.ts"
export { client, toWire } from "./operations/client-metadata.ts"
export {
  type RegistrationCalls,
  type RegistrationRules,
  registration,
  registrationCalls,
  registrationOperations,
} from "./operations/dynamic-registration.ts"
export { type StandardOperation, standardOperations } from "./operations/standard-operations.ts"
export type { EndpointName, Endpoints, ErrorRow, Server, ServiceTokenGrant } from "./server.ts"

/** The configuration of the `oidc` adapter. */
export interface OidcConfig extends CommonConfig {
  /** The issuer identifier, exactly as the server publishes it. */
  readonly issuer: string
  /** The URL of the metadata document. Default: the issuer with `/.well-known/openid-configuration`. */
  readonly metadataUrl?: string | undefined
  /** Endpoints that are not discovered. An endpoint on another origin than the metadata document must be listed here. */
  readonly endpoints?: OidcEndpoints | undefined
  /** The request parameter that names the audience of a token. Default: none, and `audience` is unsupported. */
  readonly audienceParameter?: "audience" | "resource" | undefined
  /**
   * What distinguishes an access token from a refresh token in an introspection response: the member `token_use` (default),
   * the presence of `token_type` (for servers that send it for access tokens only), or nothing. With `"nothing"`, every
   * active token counts as an access token: only for a server that does not introspect refresh tokens.
   */
  readonly accessTokenMark?: "token_use" | "token_type" | "nothing" | undefined
}

/** The endpoints of a server, with the names of RFC 8414. */
export interface OidcEndpoints {
  readonly authorizationEndpoint?: string | undefined
  readonly tokenEndpoint?: string | undefined
  readonly introspectionEndpoint?: string | undefined
  readonly revocationEndpoint?: string | undefined
  readonly userinfoEndpoint?: string | undefined
  readonly jwksUri?: string | undefined
  readonly endSessionEndpoint?: string | undefined
  readonly registrationEndpoint?: string | undefined
  readonly deviceAuthorizationEndpoint?: string | undefined
}

const url = endpoint.optional()

export const config = z.strictObject({
  ...settings,
  issuer: baseUrl,
  metadataUrl: url,
  endpoints: z
    .strictObject({
      authorizationEndpoint: url,
      tokenEndpoint: url,
      introspectionEndpoint: url,
      revocationEndpoint: url,
      userinfoEndpoint: url,
      jwksUri: url,
      endSessionEndpoint: url,
      registrationEndpoint: url,
      deviceAuthorizationEndpoint: url,
    })
    .optional(),
  audienceParameter: z.enum(["audience", "resource"]).optional(),
  accessTokenMark: z.enum(["token_use", "token_type", "nothing"]).default("token_use"),
})

/**
 * Makes a provider for any server that follows the standards.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html
 */
export const oidc = configuredBy<OidcConfig>()(
  define({
    id: "oidc",
    config,
    can: standardOperations,
    server: ({ issuer, metadataUrl, endpoints, audienceParameter, accessTokenMark, ...credentials }) => ({
      issuer,
      metadataUrl: metadataUrl ?? `${withoutTrailingSlash(issuer)}/.well-known/openid-configuration`,
      ...(endpoints !== undefined && { endpoints: defined(endpoints) }),
      clientAuth: clientAuthOf(credentials),
      // OpenID Connect Core 11: offline access requires consent.
      offline: { scope: "offline_access", prompt: "consent" },
      ...(audienceParameter !== undefined && { audienceParameter }),
      trustUnknownUse: accessTokenMark === "nothing",
      ...(accessTokenMark === "token_type" && {
        tokenUse: ({ token_type: type }) =>
          typeof type === "string" && /^(bearer|dpop)$/i.test(type) ? "access_token" : "refresh_token",
      }),
    }),
  }),
)

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
