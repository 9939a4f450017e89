/** Finding a server's endpoints, and trusting only those that are its own. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Reason } from "../../../ports/errors.ts"
import type { JsonWebKey, ServerKeys, ServerMetadata } from "../../../ports/metadata.ts"
import type { Engine } from "../engine/engine.ts"
import { type EndpointName, isIssuer, type Server } from "../server.ts"

const url = z.url().optional()
const list = z.array(z.string()).optional()

const document = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: url,
  token_endpoint: url,
  introspection_endpoint: url,
  revocation_endpoint: url,
  userinfo_endpoint: url,
  jwks_uri: url,
  end_session_endpoint: url,
  registration_endpoint: url,
  device_authorization_endpoint: url,
  scopes_supported: list,
  response_types_supported: list,
  grant_types_supported: list,
  token_endpoint_auth_methods_supported: list,
  code_challenge_methods_supported: list,
  id_token_signing_alg_values_supported: list,
})

/** Fetches the metadata document; one of another issuer is refused (RFC 8414 section 3.3). */
export const fetchMetadata = ({
  server,
  json,
}: Pick<Engine, "server" | "json">): Effect.Effect<ServerMetadata, Reason> =>
  Effect.flatMap(
    json({ operation: "metadata.discover", method: "GET", url: server.metadataUrl, ok: [200] }, document),
    (raw) => {
      if (!isIssuer(server, raw.issuer))
        return Effect.fail<Reason>({ ...elsewhere("issuer"), detail: "not, byte for byte, the configured issuer" })
      const known = Object.entries(raw).flatMap(([name, value]) =>
        Object.hasOwn(document.shape, name) && value !== undefined ? [[camel(name), value]] : [],
      )
      return Effect.succeed({ ...(Object.fromEntries(known) as Omit<ServerMetadata, "raw">), raw })
    },
  )

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Those that only a browser goes to; they may live elsewhere. */
const forBrowsers: ReadonlySet<EndpointName> = new Set(["authorizationEndpoint", "endSessionEndpoint"])

/**
 * Refuses a discovered endpoint off the origin of the document, for a poisoned one must not send credentials elsewhere; and
 * one for browsers that is no web page of a listed or protected origin.
 */
export const trustedEndpoint = (
  name: EndpointName,
  url: string,
  server: Server,
  insecureOrigins: ReadonlyArray<string>,
): Effect.Effect<string, Reason> => {
  const { origin } = new URL(url)
  if (forBrowsers.has(name))
    return isWebPage(url, insecureOrigins)
      ? Effect.succeed(url)
      : Effect.fail({ ...elsewhere(name), detail: 'not https, and its origin is not listed in "insecureOrigins"' })
  return origin === new URL(server.metadataUrl).origin
    ? Effect.succeed(url)
    : Effect.fail({
        ...elsewhere(name),
        detail: 'on another origin than the metadata; list it in "endpoints" if that is meant',
      })
}

/** Whether a browser may be sent there: a page, protected or of a listed origin. */
export const isWebPage = (url: string, insecureOrigins: ReadonlyArray<string>): boolean => {
  const parsed = URL.parse(url)
  return parsed?.protocol === "https:" || (parsed !== null && insecureOrigins.includes(parsed.origin))
}

const elsewhere = (path: string) => ({ _tag: "UnexpectedResponse", path, detail: "" }) as const

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** Members of a JWK that hold a private or symmetric key (RFC 7518 section 6). */
const secretMembers: ReadonlySet<string> = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"])

/** Fetches the server's public keys; what is private in a careless answer is dropped. */
export const fetchKeys = (engine: Engine): Effect.Effect<ServerKeys, Reason> =>
  Effect.gen(function* () {
    const url = yield* engine.endpoint("jwksUri", "metadata.keys")
    const { keys } = yield* engine.json({ operation: "metadata.keys", method: "GET", url, ok: [200] }, keySet)
    return { keys: keys.map(publicPart), fetchedAt: new Date() }
  })

/** What the members of a public key are made of; anything deeper is no key's. */
const plain = (value: unknown): boolean =>
  Array.isArray(value) ? value.every((each) => typeof each === "string") : typeof value !== "object"

const publicPart = (key: Readonly<Record<string, unknown>> & { readonly kty: string }): JsonWebKey => ({
  ...Object.fromEntries(Object.entries(key).filter(([name, value]) => !secretMembers.has(name) && plain(value))),
  kty: key.kty,
})
