/** Forgets cached introspections when an operation ends tokens. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { isRejected } from "../../internal/rejected-call.ts"
import { clockOf } from "../../internal/time.ts"
import { canBe } from "../../internal/token-text.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { LogEvent } from "../../ports/log.ts"
import type { Operation } from "../../ports/provider.ts"
import type { AnyMethod } from "../over-operations.ts"
import { type BoundedStore, boundedStore } from "./bounded-store.ts"
import { type CacheKey, withKeys } from "./cache-key.ts"
import { type Ended, endedBy } from "./ended-tokens.ts"
import { endEverywhere, endsOf, endsOfRevocation } from "./fleet-ends.ts"
import type { Cache } from "./introspection-parts.ts"
import { finallyRun, type Layer, unlessRejected } from "./layer.ts"
import type { Grant } from "./store-ends.ts"

type Extent = Extract<LogEvent, { readonly _tag: "CacheInvalidated" }>["extent"]

/** The access token that was issued together with a refresh token. */
interface Issued {
  readonly accessToken: CacheKey
  readonly bytes: 0
}

/** By the key of the refresh token. */
type IssuedTokens = BoundedStore<CacheKey, Issued>

/** How many pairs of tokens are remembered. */
const limits = { entries: 10_000, bytes: Number.POSITIVE_INFINITY }

/** The operations whose result may hold a refresh token. */
const issuing: ReadonlySet<Operation> = new Set(["exchange", "refresh", "pollDevice"])

/** Makes the layers around the operations that end or issue tokens. */
export const forgetting = (cache: Cache): ((operation: Operation, inner: Layer) => Layer) => {
  const issued: IssuedTokens = boundedStore(limits)
  return (operation, inner) => {
    if (operation === "revoke") return { ...inner, call: revoking(cache, issued, inner.call) }
    const ended = endedBy[operation]
    if (ended !== undefined) return { ...inner, call: ending(cache, operation, ended, inner.call) }
    const call = operation === "refresh" ? refreshing(cache, issued, inner.call) : inner.call
    return issuing.has(operation) ? { ...inner, call: remembering(cache, issued, call) } : inner
  }
}

/**
 * Forgets a revoked token and the tokens that end with it, also after an error, because the vendor may have revoked the
 * token.
 */
const revoking =
  (cache: Cache, issued: IssuedTokens, method: AnyMethod): AnyMethod =>
  (...args) => {
    const call = method(...args)
    const [token] = args
    // A text that cannot be a token was not sent.
    if (isRejected(call) || typeof token !== "string" || !canBe("printable", token)) return call
    const spellings = new Set([token, ...(cache.provider.traits?.spellings?.(token) ?? [])])
    return withKeys(Array.from(spellings, cache.keyOf), (keys) =>
      finallyRun(call, (fiber) => {
        const all = [...keys, ...keys.flatMap((key) => issued.get(key)?.accessToken ?? [])]
        const grants = forgetRevoked(cache, all, fiber)
        report(cache, "revoke", grants.length > 0 ? "grant" : "unknown", fiber)
        return endEverywhere(cache, "revoke", endsOfRevocation(all, grants), fiber)
      }),
    )
  }

/**
 * Forgets a token, and the answers of its grant if an answer of the token, or of the access token that was issued with it,
 * is cached. Otherwise any answer may have ended, and none can be forgotten: anyone can revoke a text that looks like a
 * token, and would empty the cache.
 */
const forgetRevoked = (
  { store, flights }: Cache,
  keys: ReadonlyArray<CacheKey>,
  fiber: Fiber.Fiber<unknown, unknown>,
): ReadonlyArray<Grant> => {
  const grants = store.forgetGrant(keys)
  const isKnown = grants.length > 0
  if (!isKnown) store.outdateAll(clockOf(fiber).currentTimeMillisUnsafe())
  flights?.forget(isKnown || !store.isOn ? undefined : keys)
  return grants
}

const ending =
  (cache: Cache, operation: Operation, endedOf: (argument: unknown) => Ended, method: AnyMethod): AnyMethod =>
  (...args) =>
    finallyRun(method(...args), (fiber) => {
      const ended = endedOf(args[0])
      if (ended !== "unknown") cache.store.forgetParties(ended)
      // The subject of a session may have another name in the tokens of some clients (pairwise identifiers).
      if (ended === "unknown" || ended.subject !== undefined)
        cache.store.outdateAll(clockOf(fiber).currentTimeMillisUnsafe())
      cache.flights?.forget()
      const extent = ended === "unknown" ? ended : ended.subject === undefined ? "client" : "subject"
      report(cache, operation, extent, fiber)
      return endEverywhere(cache, operation, endsOf(ended), fiber)
    })

/** Some vendors end the old access token when they issue a new one. */
const refreshing =
  (cache: Cache, issued: IssuedTokens, method: AnyMethod): AnyMethod =>
  (...args) => {
    const { keyOf, store, flights } = cache
    const call = method(...args)
    if (isRejected(call) || typeof args[0] !== "string") return call
    return withKeys([keyOf(args[0])], (keys) =>
      finallyRun(call, (fiber) => {
        const old = keys.flatMap((key) => issued.get(key)?.accessToken ?? [])
        store.forgetToken(old)
        flights?.forget(old)
        return endEverywhere(
          cache,
          "refresh",
          Array.from(old, (token) => ({ token })),
          fiber,
        )
      }),
    )
  }

/** Remembers which access token was issued with a refresh token: revoking the refresh token ends both. */
const remembering =
  ({ keyOf }: Cache, issued: IssuedTokens, method: AnyMethod): AnyMethod =>
  (...args) =>
    unlessRejected(method(...args), (sent) =>
      Effect.flatMap(sent, (result) => {
        const { accessToken, refreshToken } = result as Tokens
        if (refreshToken === undefined) return Effect.succeed(result)
        return withKeys([keyOf(refreshToken), keyOf(accessToken)], ([refreshKey, accessKey]) => {
          if (refreshKey !== undefined && accessKey !== undefined)
            issued.set(refreshKey, { accessToken: accessKey, bytes: 0 })
          return Effect.succeed(result)
        })
      }),
    )

const report = (
  { provider }: Cache,
  operation: Operation,
  extent: Extent,
  fiber: Fiber.Fiber<unknown, unknown>,
): void => provider.events?.emit({ _tag: "CacheInvalidated", provider: provider.id, operation, extent }, fiber)
