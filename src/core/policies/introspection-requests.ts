/** Answers an introspection from the cache, or with a request whose result is stored. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { causeOf } from "../../internal/log.ts"
import { clockOf } from "../../internal/time.ts"
import { type AuthError, isOutage } from "../../ports/errors.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { CacheKey } from "./cache-key.ts"
import { type CachedIntrospection, staleOf, stateOf } from "./cached-introspection.ts"
import type { Share } from "./fleet-tier.ts"
import type { Cache } from "./introspection-parts.ts"
import { IntrospectionRequest } from "./introspection-request.ts"

/** Sends one introspection request. */
export type Send = () => Effect.Effect<TokenState, AuthError>

const sendAlone = (
  cache: Cache,
  key: CacheKey,
  clock: Clock.Clock,
  now: number,
  send: (share: Share) => ReturnType<Send>,
): ReturnType<Send> => {
  const request = new IntrospectionRequest(cache, key, clock, now, 0)
  return Effect.map(send(request.share), (state) => request.complete(state, false))
}

export const sendLive = (cache: Cache, key: CacheKey, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    cache.count?.("live", fiber)
    const clock = clockOf(fiber)
    return sendAlone(cache, key, clock, clock.currentTimeMillisUnsafe(), liveThrough(cache, send))
  })

const liveThrough =
  ({ fleet }: Cache, send: Send) =>
  (share: Share) =>
    fleet === undefined ? send() : fleet.sendLive(share, send)

export const findOrSend = (
  cache: Cache,
  key: CacheKey,
  maxAge: number,
  isAlone: boolean,
  send: Send,
): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const { store, flights, count, staleFor, fleet } = cache
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    const entry = store.find(key, now, maxAge)
    count?.(entry === undefined ? "miss" : "hit", fiber)
    if (entry !== undefined) return Effect.succeed(answerOf(cache, key, entry, now, send, fiber))
    const isNewest = (requestedAt: number) => store.isNewest(key, requestedAt)
    const through = (share: Share) =>
      fleet === undefined || !store.isOn ? send() : fleet.findOrSend(key, share, { maxAge, isAlone, isNewest }, send)
    const shared = new IntrospectionRequest(cache, key, clock, now, maxAge)
    const sent =
      isAlone || flights === undefined
        ? sendAlone(cache, key, clock, now, through)
        : flights.do(
            key,
            () => through(shared.share),
            shared,
            () => findOrSend(cache, key, maxAge, isAlone, send),
          )
    return staleFor === undefined ? sent : Effect.catch(sent, (error) => staleOr(cache, key, error))
  })

/**
 * Returns the state of an entry. If a revocation may have ended the token, it is introspected again in the background.
 */
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
    // Before the start, because the entry of the response copies the time from this entry.
    store.noteRevalidation(entry, now)
    background.start(revalidate(cache, key, send), caller)
  }
  return state
}

/**
 * Sends a request, whatever the cache holds and whichever requests are in flight. Callers without a usable answer wait
 * for it.
 */
const resend = (cache: Cache, key: CacheKey, send: Send): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    const live = liveThrough(cache, send)
    if (cache.flights === undefined) return sendAlone(cache, key, clock, now, live)
    cache.flights.forget([key])
    const request = new IntrospectionRequest(cache, key, clock, now, 0)
    return cache.flights.do(key, () => live(request.share), request)
  })

/** Introspects a token again, or takes the answer of another process of the fleet that does so. */
const revalidate = (cache: Cache, key: CacheKey, send: Send): Effect.Effect<unknown, AuthError> => {
  const { fleet, store } = cache
  if (fleet === undefined) return resend(cache, key, send)
  const takeNewer = Effect.withFiber((fiber: Fiber.Fiber<unknown, unknown>) => {
    const clock = clockOf(fiber)
    const now = clock.currentTimeMillisUnsafe()
    const request = new IntrospectionRequest(cache, key, clock, now, 0)
    return Effect.map(fleet.awaitNewer(key, request.share, store.outdatedFor(now)), (state) =>
      state === undefined ? undefined : request.complete(state, false),
    )
  })
  return Effect.flatMap(
    fleet.mayRevalidate(key, store.revalidationInterval),
    (isMine): Effect.Effect<unknown, AuthError> => (isMine ? resend(cache, key, send) : takeNewer),
  )
}

/** Returns a stale answer if there is one and the error is an outage; otherwise fails with the error. */
export const staleOr = (cache: Cache, key: CacheKey, error: AuthError): ReturnType<Send> =>
  Effect.withFiber((fiber) => {
    const { store, staleFor, count, provider, fleet } = cache
    if (staleFor === undefined || !isOutage(error.reason)) return Effect.fail(error)
    const serve = (state: TokenState): ReturnType<Send> => {
      if (!state.active) return Effect.fail(error)
      count?.("stale", fiber)
      provider.events?.emit({ _tag: "StaleServed", provider: provider.id, ...causeOf(error) }, fiber)
      return Effect.succeed(staleOf(state))
    }
    const own = () => {
      const entry = store.find(key, clockOf(fiber).currentTimeMillisUnsafe(), staleFor)
      return entry?.isActive === true ? serve(stateOf(entry)) : Effect.fail(error)
    }
    if (fleet === undefined || !store.isOn) return own()
    // The fleet knows an end even if its message was lost.
    return Effect.flatMap(fleet.findStale(key, staleFor), (found) =>
      found === "unavailable" ? own() : found === "none" ? Effect.fail(error) : serve(found),
    )
  })
