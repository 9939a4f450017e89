/** Caches introspections of access tokens, and answers concurrent ones from one request. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { signatures } from "#signature"
import { isRejected } from "../../internal/rejected-call.ts"
import { countCacheResults } from "../../internal/telemetry.ts"
import { clockOf, toMillis } from "../../internal/time.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import type { Policies } from "../../ports/policies.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import { isLocal } from "../jwt/freshness.ts"
import type { AnyMethod } from "../over-operations.ts"
import { type CacheKey, type CacheKeys, cacheKeys, withKey } from "./cache-key.ts"
import { staleStateOf, stateOf } from "./cached-introspection.ts"
import { endsTokens } from "./call-class.ts"
import { type IntrospectionStore, introspectionStore } from "./introspection-store.ts"
import { afterwards, type Fallback, type GetIfPresent, type Layer, type Policy } from "./layer.ts"
import { maxAgeOf, onlyMaxAge } from "./max-age.ts"
import { type SharedRequest, type SingleFlight, singleFlight } from "./single-flight.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

/** Sends one introspection request. */
type Send = () => Effect.Effect<TokenState, AuthError>

type CachePolicies = Pick<Policies, "cache" | "singleFlight" | "staleIfError" | "trace">

/** What the functions below share. */
interface Cache {
  readonly keyOf: CacheKeys
  readonly store: IntrospectionStore
  readonly flights: SingleFlight<TokenState, AuthError> | undefined
  /** How old an answer may be that replaces an error, in milliseconds. */
  readonly staleFor: number | undefined
  readonly count: ReturnType<typeof countCacheResults> | undefined
  readonly provider: Identity
}

/**
 * Caches what the vendor reports about access tokens, never decisions.
 *
 * It stands around JWT validation, so that an entry holds the merged answer. An operation that ends tokens clears the
 * cache, and results of requests that are in flight are not stored. Another process's revocation is seen when the cached
 * answer is too old.
 */
export const introspectionCache = (policies: CachePolicies): Policy | undefined => {
  if (policies.cache === false && policies.singleFlight === false) return undefined
  return (provider) => {
    // Where the signature answers there is no request to save.
    if (provider.jwt?.answers === "signature") return (_, inner) => inner
    const cache = makeCache(policies, provider)
    // Clears everything: a vendor may accept several spellings of one token, and revoking one token may end others.
    const clear = (operation: Operation, fiber: Fiber.Fiber<unknown, unknown>): void => {
      cache.flights?.forgetAll()
      cache.store.clear()
      provider.events?.emit({ _tag: "CacheCleared", provider: provider.id, operation }, fiber)
    }
    return (operation, inner) => {
      if (operation === "introspect") return cachedLayer(cache, inner)
      return endsTokens.has(operation)
        ? { ...inner, call: (...args) => afterwards(inner.call(...args), (fiber) => clear(operation, fiber)) }
        : inner
    }
  }
}

const makeCache = (policies: CachePolicies, provider: Identity): Cache => ({
  keyOf: cacheKeys(provider, "introspect"),
  store: introspectionStore(policies.cache ?? {}, provider.traits?.inactiveWhenBroken === true),
  flights: policies.singleFlight === false ? undefined : singleFlight<TokenState, AuthError>(),
  staleFor: policies.staleIfError === undefined ? undefined : toMillis(policies.staleIfError),
  count: policies.trace === false ? undefined : countCacheResults(provider.id),
  provider,
})

const cachedLayer = (cache: Cache, inner: Layer): Layer => {
  const method = inner.call as Introspect
  // `getIfPresent` hashes the token, and `call` follows for the same token: it need not be hashed twice.
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
    const call = isPlain ? undefined : method(token, options, ...more)
    const { freshness = {}, expect = "access_token", retry } = options ?? {}
    // Local validation asks no server, and only access tokens are cached.
    if (call !== undefined && (isRejected(call) || isLocal(freshness, token) || expect !== "access_token")) return call
    const send = () => call ?? method(token)
    return withKey(keyOf(token), (key) =>
      freshness === "live"
        ? sendLive(cache, key, send)
        : findOrSend(cache, key, maxAgeOf(freshness) ?? cache.store.maxAge, retry === false, send),
    )
  }
  const getIfPresent: GetIfPresent = (args) => {
    const [token, options] = args
    const maxAge = args.length > 2 ? undefined : options === undefined ? cache.store.maxAge : onlyMaxAge(options)
    if (typeof token !== "string" || maxAge === undefined || signatures.digest === undefined)
      return inner.getIfPresent?.(args)
    const key = cache.keyOf(token) as CacheKey
    const entry = cache.store.find(key, Date.now(), maxAge)
    if (entry === undefined) {
      lastToken = token
      lastKey = key
      return undefined
    }
    cache.count?.("hit")
    return stateOf(entry)
  }
  return { ...inner, call: introspect as AnyMethod, getIfPresent, fallback: staleFallback(cache) }
}

/** Returns a stale answer when the caller's timeout expires. */
const staleFallback =
  (cache: Cache): Fallback =>
  ([token, options], error) => {
    const { freshness = {}, expect = "access_token" } = (options ?? {}) as IntrospectOptions
    if (typeof freshness === "string" || expect !== "access_token") return Effect.fail(error)
    return withKey(cache.keyOf(String(token)), (key) => staleOr(cache, key, error))
  }

const sendAlone = (cache: Cache, key: CacheKey, send: Send, clock: Clock.Clock, now: number): ReturnType<Send> => {
  const request = new IntrospectionRequest(cache.store, key, clock, now, now)
  return Effect.map(send(), (state) => request.complete(state, false))
}

const sendLive = (cache: Cache, key: CacheKey, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    cache.count?.("live", fiber)
    const clock = clockOf(fiber)
    return sendAlone(cache, key, send, clock, clock.currentTimeMillisUnsafe())
  })

const findOrSend = (cache: Cache, key: CacheKey, maxAge: number, isAlone: boolean, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const { store, flights, count, staleFor } = cache
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    const entry = store.find(key, now, maxAge)
    count?.(entry === undefined ? "miss" : "hit", fiber)
    if (entry !== undefined) return Effect.succeed(stateOf(entry))
    const sent =
      isAlone || flights === undefined
        ? sendAlone(cache, key, send, clock, now)
        : flights.do(key, send, new IntrospectionRequest(store, key, clock, now, now - maxAge), () =>
            findOrSend(cache, key, maxAge, isAlone, send),
          )
    return staleFor === undefined ? sent : Effect.catch(sent, (error) => staleOr(cache, key, error))
  })

/** Returns a stale answer if there is one and the error is retryable; otherwise fails with the error. */
const staleOr = ({ store, staleFor, count, provider }: Cache, key: CacheKey, error: AuthError): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    if (staleFor === undefined || !error.isRetryable) return Effect.fail(error)
    const entry = store.find(key, clockOf(fiber).currentTimeMillisUnsafe(), staleFor)
    if (entry?.isActive !== true) return Effect.fail(error)
    count?.("stale", fiber)
    provider.events?.emit({ _tag: "StaleServed", provider: provider.id, reason: error.reason._tag }, fiber)
    return Effect.succeed(staleStateOf(entry))
  })

/** One introspection request, and where its result is stored. A class, as a flight is (decision 0017). */
class IntrospectionRequest implements SharedRequest<TokenState> {
  readonly startedAt: number
  readonly notBefore: number
  readonly #store: IntrospectionStore
  readonly #key: CacheKey
  readonly #clock: Clock.Clock
  readonly #generation: number

  constructor(store: IntrospectionStore, key: CacheKey, clock: Clock.Clock, startedAt: number, notBefore: number) {
    this.startedAt = startedAt
    this.notBefore = notBefore
    this.#store = store
    this.#key = key
    this.#clock = clock
    this.#generation = store.generation()
  }

  /** Stores the result. The waiters receive the stored one. */
  complete(state: TokenState, hasWaiters: boolean): TokenState {
    const entry = this.#store.put(this.#key, state, this.startedAt, this.#generation, this.#clock)
    return hasWaiters ? stateOf(entry) : state
  }
}
