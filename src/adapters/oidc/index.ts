/** The generic adapter for any provider that follows OpenID Connect and RFC 7662, and the pieces to write an adapter. */
import type { Issue } from "../../ports/errors.ts"
import { config, type OidcConfig } from "./config.ts"
import type { UncheckedConfiguration } from "./configuration/unchecked.ts"
import { configuredBy, define } from "./define.ts"
import { clientAuthOf, missingAudience, withoutTrailingSlash } from "./kit.ts"
import { registrationOperations, standardRegistration } from "./operations/dynamic-registration.ts"
import { standardOperations } from "./operations/standard-operations.ts"
import type { ErrorRow } from "./server.ts"

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
export { clientAuthOf, failIf, missingAudience, withoutTrailingSlash, withQuery } from "./kit.ts"
export { client, toWire } from "./operations/client-metadata.ts"
export {
  type RegistrationCalls,
  type RegistrationRules,
  registration,
  registrationCalls,
  registrationOperations,
  standardRegistration,
} from "./operations/dynamic-registration.ts"
export { type StandardOperation, standardOperations } from "./operations/standard-operations.ts"
export type { EndpointName, Endpoints, ErrorRow, Server, ServiceTokenGrant } from "./server.ts"

/** Without introspection only the audience shows which tokens are for this service. */
const signatureIssues = (config: UncheckedConfiguration): ReadonlyArray<Issue> =>
  Object(config.token).answers === "signature" ? missingAudience(config) : []

/**
 * Makes a provider for any server that follows the standards.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html
 */
export const oidc = configuredBy<OidcConfig>()(
  define({
    id: "oidc",
    config,
    can: [...standardOperations, ...registrationOperations],
    check: signatureIssues,
    operations: (engine, { initialAccessToken }) => standardRegistration(engine, initialAccessToken),
    server: ({ issuer, metadataUrl, endpoints, token = {}, ...credentials }) => {
      const { audienceParameter, offline, origins, revokes, errors, ...profile } = defined(token)
      return {
        issuer,
        metadataUrl: metadataUrl ?? `${withoutTrailingSlash(issuer)}/.well-known/openid-configuration`,
        ...(endpoints !== undefined && { endpoints: defined(endpoints) }),
        clientAuth: clientAuthOf(credentials),
        // OpenID Connect Core 11: offline access requires consent.
        offline: offline === undefined ? { scope: "offline_access", prompt: "consent" } : defined(offline),
        ...defined({ audienceParameter, origins, revokes, errors: errors as ReadonlyArray<ErrorRow> | undefined }),
        ...(audienceParameter === undefined && { unsupportedArguments: withoutAudienceParameter }),
        token: { answers: "introspection_or_signature", ...profile },
      }
    },
  }),
)

const noAudienceParameter = 'configure "token.audienceParameter", if the server has a parameter for it'

const withoutAudienceParameter = {
  "authorize.audience": noAudienceParameter,
  "clientCredentials.audience": noAudienceParameter,
  "deviceAuthorization.audience": noAudienceParameter,
}

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
