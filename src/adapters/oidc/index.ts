/** The generic adapter for any provider that follows OpenID Connect and RFC 7662, and the pieces to write an adapter. */
import { config, type OidcConfig } from "./config.ts"
import { configuredBy, define } from "./define.ts"
import { clientAuthOf, withoutTrailingSlash } from "./kit.ts"
import { standardOperations } from "./operations/standard-operations.ts"

export type { DurationInput, DurationUnit } from "../../ports/duration.ts"
export type { OidcConfig, OidcEndpoints } from "./config.ts"
export type { CommonConfig, PrivateJwk, Secret, TlsConfig } from "./configuration/common-config.ts"
export { secret } from "./configuration/secret.ts"
export { baseUrl, endpoint, type Settings, settings } from "./configuration/settings.ts"
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

const withoutTokenUse = {
  path: "accessTokenMark",
  message:
    'the introspection response has no token_use; set "token_type" if the server sends token_type Bearer or DPoP for ' +
    'access tokens only, or "nothing" if it introspects no refresh tokens',
}

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
      ...(accessTokenMark === "token_use" && { withoutTokenUse }),
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
