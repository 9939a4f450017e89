/** How an introspection is answered: from the cache, or by a request whose result is stored. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { causeOf } from "../../internal/log.ts"
import type { countCacheResults } from "../../internal/telemetry.ts"
import { clockOf } from "../../internal/time.ts"
import { type AuthError, isOutage } from "../../ports/errors.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { Identity } from "../../ports/provider.ts"
import type { Background } from "./background.ts"
import type { CacheKey, CacheKeys } from "./cache-key.ts"
import { type CachedIntrospection, staleStateOf, stateOf } from "./cached-introspection.ts"
import type { IntrospectionStore } from "./introspection-store.ts"
import type { SharedRequest, SingleFlight } from "./single-flight.ts"

/** Sends one introspection request. */
export type Send = () => Effect.Effect<TokenState, AuthError>

/** What the layers of one provider share. */
export interface Cache {
  readonly keyOf: CacheKeys
  readonly store: IntrospectionStore
  readonly flights: SingleFlight<TokenState, AuthError> | undefined
  /** How old an answer may be that replaces an error, in milliseconds. */
  readonly staleFor: number | undefined
  readonly count: ReturnType<typeof countCacheResults> | undefined
  readonly background: Background
  readonly provider: Identity
}

const sendAlone = (cache: Cache, key: CacheKey, send: Send, clock: Clock.Clock, now: number): ReturnType<Send> => {
  const request = new IntrospectionRequest(cache.store, key, clock, now, now)
  return Effect.map(send(), (state) => request.complete(state, false))
}

export const sendLive = (cache: Cache, key: CacheKey, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    cache.count?.("live", fiber)
    const clock = clockOf(fiber)
    return sendAlone(cache, key, send, clock, clock.currentTimeMillisUnsafe())
  })

export const findOrSend = (
  cache: Cache,
  key: CacheKey,
  maxAge: number,
  isAlone: boolean,
  send: Send,
): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const { store, flights, count, staleFor } = cache
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    const entry = store.find(key, now, maxAge)
    count?.(entry === undefined ? "miss" : "hit", fiber)
    if (entry !== undefined) return Effect.succeed(answerOf(cache, key, entry, now, send, fiber))
    const sent =
      isAlone || flights === undefined
        ? sendAlone(cache, key, send, clock, now)
        : flights.do(key, send, new IntrospectionRequest(store, key, clock, now, now - maxAge), () =>
            findOrSend(cache, key, maxAge, isAlone, send),
          )
    return staleFor === undefined ? sent : Effect.catch(sent, (error) => staleOr(cache, key, error))
  })

/** Returns the state of an entry. If a revocation may have ended the token, it is asked about again in the background. */
export const answerOf = (
  cache: Cache,
  key: CacheKey,
  entry: CachedIntrospection,
  now: number,
  send: Send,
  caller?: Fiber.Fiber<unknown, unknown>,
): TokenState => {
  const { store, background } = cache
  const state = stateOf(entry)
  if (store.isDue(entry, now) && background.hasRoom()) {
    // Before the start: the entry of the response continues this one.
    store.noteReask(entry, now)
    background.start(resend(cache, key, send), caller)
  }
  return state
}

/** Sends a request, whatever the cache holds or is in flight. Callers that find no usable answer meanwhile wait for it. */
const resend = (cache: Cache, key: CacheKey, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    if (cache.flights === undefined) return sendAlone(cache, key, send, clock, now)
    cache.flights.forget([key])
    return cache.flights.do(key, send, new IntrospectionRequest(cache.store, key, clock, now, now))
  })

/** Returns a stale answer if there is one and the error is an outage; otherwise fails with the error. */
export const staleOr = (
  { store, staleFor, count, provider }: Cache,
  key: CacheKey,
  error: AuthError,
): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    if (staleFor === undefined || !isOutage(error.reason)) return Effect.fail(error)
    const entry = store.find(key, clockOf(fiber).currentTimeMillisUnsafe(), staleFor)
    if (entry?.isActive !== true) return Effect.fail(error)
    count?.("stale", fiber)
    provider.events?.emit({ _tag: "StaleServed", provider: provider.id, ...causeOf(error) }, fiber)
    return Effect.succeed(staleStateOf(entry))
  })

/** One introspection request, and where its result is stored. A class, as a flight is (decision 0017). */
class IntrospectionRequest implements SharedRequest<TokenState> {
  readonly startedAt: number
  readonly notBefore: number
  readonly #store: IntrospectionStore
  readonly #key: CacheKey
  readonly #clock: Clock.Clock
  readonly #revocations: number

  constructor(store: IntrospectionStore, key: CacheKey, clock: Clock.Clock, startedAt: number, notBefore: number) {
    this.startedAt = startedAt
    this.notBefore = notBefore
    this.#store = store
    this.#key = key
    this.#clock = clock
    this.#revocations = store.revocations()
  }

  /** Stores the result. The waiters receive the stored one. */
  complete(state: TokenState, hasWaiters: boolean): TokenState {
    const entry = this.#store.put(this.#key, state, this.startedAt, this.#revocations, this.#clock)
    return hasWaiters ? stateOf(entry) : state
  }
}
