/** The generic adapter: any provider that follows OpenID Connect and RFC 7662, by the book. */
import { z } from "zod"
import { define } from "./define.ts"
import { baseUrl, endpoint, settings } from "./configuration/settings.ts"
import { standardOperations } from "./operations/standard.ts"

export type { Adapter, AdapterOptions, Definition } from "./define.ts"
export { define } from "./define.ts"
export type { Engine } from "./engine/make-engine.ts"
export type { Server } from "./server.ts"
export { baseUrl, endpoint, settings } from "./configuration/settings.ts"
export { standardOperations } from "./operations/standard.ts"

const url = endpoint.optional()

const config = z.strictObject({
  ...settings,
  /** The issuer identifier, byte for byte as the server publishes it. */
  issuer: baseUrl,
  /** Where the metadata is. Default: the issuer with `/.well-known/openid-configuration`. */
  metadataUrl: url,
  /** Endpoints that are not to be discovered. */
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
  /** The parameter in which this server takes the audience of a token. Default: none, and `audience` is refused. */
  audienceParameter: z.enum(["audience", "resource"]).optional(),
  /**
   * What tells an access token from a refresh token in an introspection answer: the member `token_use` (default), the
   * presence of `token_type` (on servers that send it for access tokens only), or nothing (every active token counts
   * as an access token: only for a server that introspects no refresh tokens).
   */
  accessTokenMark: z.enum(["token_use", "token_type", "nothing"]).default("token_use"),
})

/**
 * Makes a provider for any server that follows the standards.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html
 */
export const oidc = define({
  id: "oidc",
  config,
  can: standardOperations,
  server: ({
    issuer,
    metadataUrl,
    endpoints,
    clientAuth,
    clientSecret,
    privateKey,
    audienceParameter,
    accessTokenMark,
  }) => ({
    issuer,
    metadataUrl: metadataUrl ?? `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    ...(endpoints !== undefined && { endpoints: defined(endpoints) }),
    clientAuth: clientAuth ?? (privateKey ? "private_key_jwt" : clientSecret ? "client_secret_basic" : "none"),
    // OpenID Connect Core 11: offline access takes an explicit consent.
    offline: { scope: "offline_access", prompt: "consent" },
    ...(audienceParameter !== undefined && { audienceParameter }),
    trustUnknownUse: accessTokenMark === "nothing",
    ...(accessTokenMark === "token_type" && {
      tokenUse: ({ token_type: type }) =>
        typeof type === "string" && /^(bearer|dpop)$/i.test(type) ? "access_token" : "refresh_token",
    }),
  }),
})

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
