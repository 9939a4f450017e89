/** Fetches the metadata document and the keys of a server, and rejects endpoints that are not the server's own. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import { withoutAbsent } from "../../../internal/absent.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { ServerKeys, ServerMetadata } from "../../../ports/metadata.ts"
import type { Engine } from "../engine/engine.ts"
import { comparison } from "../http/compared-values.ts"
import { isObject, withRaw } from "../http/json-response.ts"
import { publicKeysOf } from "../http/key-set.ts"
import { type EndpointName, isIssuer, issuersOf, type Server } from "../server.ts"

const optionalUrl = z.url().optional()
const optionalList = z.array(z.string()).optional()

const metadataDocument = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: optionalUrl,
  token_endpoint: optionalUrl,
  introspection_endpoint: optionalUrl,
  revocation_endpoint: optionalUrl,
  userinfo_endpoint: optionalUrl,
  jwks_uri: optionalUrl,
  end_session_endpoint: optionalUrl,
  registration_endpoint: optionalUrl,
  device_authorization_endpoint: optionalUrl,
  scopes_supported: optionalList,
  response_types_supported: optionalList,
  grant_types_supported: optionalList,
  token_endpoint_auth_methods_supported: optionalList,
  code_challenge_methods_supported: optionalList,
  id_token_signing_alg_values_supported: optionalList,
})

/** Fetches the metadata document, and rejects it if its issuer is another one (RFC 8414 section 3.3). */
export const fetchMetadata = ({
  server,
  secrets,
  json,
}: Pick<Engine, "server" | "secrets" | "json">): Effect.Effect<ServerMetadata, Reason> =>
  Effect.flatMap(
    json(
      { operation: "metadata.discover", method: "GET", url: server.metadataUrl, ok: [200] },
      withRaw(metadataDocument),
    ),
    ({ value: document, raw }) =>
      isIssuer(server, document.issuer)
        ? Effect.succeed(metadataOf(document, raw))
        : Effect.fail<Reason>(
            untrusted(
              "issuer",
              `${comparison("issuer", document.issuer, issuersOf(server), secrets)} (compared byte for byte)`,
            ),
          ),
  )

type Document = z.output<typeof metadataDocument>

const metadataOf = (document: Document, raw: ServerMetadata["raw"]): ServerMetadata => {
  const members = Object.entries(document).flatMap(([name, value]) =>
    Object.hasOwn(metadataDocument.shape, name) && value !== undefined ? [[camelCase(name), value]] : [],
  )
  return { ...(Object.fromEntries(members) as Omit<ServerMetadata, "raw">), raw }
}

/** Reads a metadata document that another process has fetched; `undefined` if it is not one of this server. */
export const readMetadata = (raw: unknown, server: Server): ServerMetadata | undefined => {
  if (!isObject(raw)) return undefined
  const { data } = metadataDocument.safeParse(withoutAbsent(raw))
  return data !== undefined && isIssuer(server, data.issuer) ? metadataOf(data, raw) : undefined
}

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The endpoints that only browsers use. They may be on another origin. */
const browserEndpoints: ReadonlySet<EndpointName> = new Set(["authorizationEndpoint", "endSessionEndpoint"])

/**
 * Returns a discovered endpoint if it is trusted.
 *
 * An endpoint must be on the origin of the metadata document, so that a poisoned document cannot send credentials to
 * another server. An endpoint for browsers must be on an https or listed origin.
 */
export const trustedEndpoint = (
  name: EndpointName,
  url: string,
  server: Server,
  insecureOrigins: ReadonlyArray<string>,
): Effect.Effect<string, Reason> => {
  const { origin } = new URL(url)
  if (browserEndpoints.has(name))
    return isWebPage(url, insecureOrigins) ? Effect.succeed(url) : Effect.fail(untrusted(name, unsafeForBrowsers))
  const expected = new URL(server.metadataUrl).origin
  return origin === expected || server.origins?.includes(origin) === true
    ? Effect.succeed(url)
    : Effect.fail(
        untrusted(
          name,
          `found origin "${origin}", expected that of the metadata document, "${expected}"; if this is intended, ${server.originAdvice ?? usualAdvice}`,
        ),
      )
}

const usualAdvice = 'list the origin in "token.origins", or configure the URL in "endpoints"'

/** The detail of a URL that is not a web page. */
export const unsafeForBrowsers = 'not https, and its origin is not listed in "insecureOrigins"'

/** Whether a browser may be sent to a URL: its scheme is https, or its origin is listed. */
export const isWebPage = (url: string, insecureOrigins: ReadonlyArray<string>): boolean => {
  const parsed = URL.parse(url)
  // The origin of a `blob:` URL is that of the page that made it.
  return parsed?.protocol === "https:" || (parsed?.protocol === "http:" && insecureOrigins.includes(parsed.origin))
}

const untrusted = (path: string, detail: string): Reason => ({ _tag: "UnexpectedResponse", path, detail })

/** A set without a well-formed member is rejected. */
const keySet = z.looseObject({
  keys: z.array(z.unknown()).refine((members) => members.length === 0 || publicKeysOf(members).length > 0),
})

/** Fetches the server's public keys. */
export const fetchKeys = (engine: Engine): Effect.Effect<ServerKeys, Reason> =>
  Effect.flatMap(engine.endpoint("jwksUri", "metadata.keys"), (url) => fetchKeySet(engine, url))

/** Fetches a key set. Malformed keys are skipped, and private members of a key are dropped. */
export const fetchKeySet = ({ json }: Pick<Engine, "json">, url: string): Effect.Effect<ServerKeys, Reason> =>
  Effect.map(json({ operation: "metadata.keys", method: "GET", url, ok: [200] }, keySet), ({ keys }) => ({
    keys: publicKeysOf(keys),
    fetchedAt: new Date(),
  }))
