/** Caches introspections of access tokens, and answers concurrent ones from one request. */
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import { toMillis } from "../../internal/duration.ts"
import { noEvents } from "../../internal/log.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import { countCacheResults, tenantOf } from "../../internal/telemetry.ts"
import { isShort } from "../../internal/token-text.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import type { Policies } from "../../ports/policies.ts"
import type { Identity } from "../../ports/provider.ts"
import { isLocal } from "../jwt/freshness.ts"
import type { AnyMethod } from "../over-operations.ts"
import { makeBackground } from "./background.ts"
import { type CacheKey, cacheKeys, fleetKeys, withKey } from "./cache-key.ts"
import { endLocally } from "./fleet-ends.ts"
import { fleetTier } from "./fleet-tier.ts"
import { forgetting } from "./forgetting.ts"
import type { Cache } from "./introspection-parts.ts"
import { answerOf, findOrSend, sendLive, staleOr } from "./introspection-requests.ts"
import { introspectionStore } from "./introspection-store.ts"
import type { Fallback, GetIfPresent, Layer, Policy } from "./layer.ts"
import { endingCached } from "./logout.ts"
import { makeMaxAges } from "./max-age.ts"
import { singleFlight } from "./single-flight.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

type CachePolicies = Pick<Policies, "cache" | "singleFlight" | "staleIfError" | "trace">

/** How many tokens are introspected again at the same time because of revocations. */
const concurrentRevalidations = 16

/**
 * Caches what the vendor reports about access tokens, never decisions.
 *
 * It is outside JWT validation, so that an entry holds the merged answer. An operation that ends tokens removes their
 * answers, and the results of requests for them that are in flight are not stored. A revocation by another process
 * without a fleet takes effect when the cached answer is too old.
 */
export const introspectionCache = (policies: CachePolicies): Policy => {
  const isOff = policies.cache === false && policies.singleFlight === false
  return (provider) => {
    // The other processes must learn of the ends of this process, even if it caches nothing itself.
    if (isOff && provider.fleet === undefined) return (_, inner) => inner
    // Where the signature answers there is no request to save.
    if (provider.jwt?.answers === "signature") return (_, inner) => inner
    const cache = makeCache(policies, provider)
    const forgettingLayer = forgetting(cache)
    return (operation, inner) =>
      operation === "introspect" ? cachedLayer(cache, inner) : forgettingLayer(operation, inner)
  }
}

const makeCache = (policies: CachePolicies, provider: Identity): Cache => {
  const { backend } = provider
  const tier = provider.fleet && backend && fleetTier(provider.fleet, backend, policies.singleFlight !== false)
  const cache: Cache = {
    keyOf:
      tier === undefined || backend === undefined ? cacheKeys(provider, "introspect") : fleetKeys(backend.instance),
    store: introspectionStore(policies.cache ?? {}, provider.traits),
    flights: policies.singleFlight === false ? undefined : singleFlight<TokenState, AuthError>(),
    staleFor: policies.staleIfError === undefined ? undefined : toMillis(policies.staleIfError),
    count: policies.trace === false ? undefined : countCacheResults(tenantOf(provider), provider.events ?? noEvents),
    background: makeBackground(concurrentRevalidations),
    provider,
    fleet: tier,
  }
  tier?.onEnd((end) => endLocally(cache, end))
  return cache
}

const cachedLayer = (cache: Cache, inner: Layer): Layer => {
  const method = inner.call as Introspect
  const maxAges = makeMaxAges()
  // `getIfPresent` hashes the token, and `call` follows with the same token: the hash is kept between them.
  let lastToken: string | undefined
  let lastKey: CacheKey | undefined
  const keyOf = (token: string) => {
    const key = lastToken === token && lastKey !== undefined ? lastKey : cache.keyOf(token)
    lastToken = undefined
    lastKey = undefined
    return key
  }
  const introspect: Introspect = (token, options, ...more: ReadonlyArray<never>) => {
    const isPlain = typeof token === "string" && options === undefined && more.length === 0
    const call = isPlain && isShort(token) ? undefined : method(token, options, ...more)
    const { freshness = {}, expect = "access_token", retry } = options ?? {}
    // Local validation sends no request, only access tokens are cached, and a text that is too long is not a token.
    if (
      call !== undefined &&
      (isRejected(call) || isLocal(cache.provider, freshness, token) || expect !== "access_token" || !isShort(token))
    )
      return call
    const send = () => call ?? method(token)
    return withKey(keyOf(token), (key) =>
      freshness === "live"
        ? sendLive(cache, key, send)
        : findOrSend(cache, key, maxAges.of(freshness) ?? cache.store.maxAge, retry === false, send),
    )
  }
  const getIfPresent: GetIfPresent = (args) => {
    const [token, options] = args
    const maxAge = args.length > 2 ? undefined : options === undefined ? cache.store.maxAge : maxAges.only(options)
    if (typeof token !== "string" || maxAge === undefined || signatures.digest === undefined || !isShort(token))
      return inner.getIfPresent?.(args)
    const key = cache.keyOf(token) as CacheKey
    const now = Date.now()
    const entry = cache.store.find(key, now, maxAge)
    if (entry === undefined) {
      lastToken = token
      lastKey = key
      return undefined
    }
    cache.count?.("hit")
    return answerOf(cache, key, entry, now, () => method(token))
  }
  return {
    ...inner,
    call: introspect as AnyMethod,
    getIfPresent,
    fallback: staleFallback(cache),
    endSessions: endingCached(cache, inner.endSessions),
  }
}

/** Returns a stale answer when the caller's timeout expires. */
const staleFallback =
  (cache: Cache): Fallback =>
  ([token, options], error) => {
    const { freshness = {}, expect = "access_token" } = (options ?? {}) as IntrospectOptions
    const isUncached = freshness === "live" || isLocal(cache.provider, freshness, String(token))
    if (isUncached || expect !== "access_token" || !isShort(String(token))) return Effect.fail(error)
    return withKey(cache.keyOf(String(token)), (key) => staleOr(cache, key, error))
  }
