/** A value that is fetched, kept while it is usable, and refreshed before it expires. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

import { platform } from "#platform"
import { type Flight, fetchAlone, Kept, launch, leave, resultOf, type Survives } from "./kept-value.ts"

import { ageOf } from "./time.ts"

export interface RefreshAheadOptions<A, E> {
  /** Whether the value needs no refresh. `fetchedAt` and `now` are milliseconds since 1970. */
  readonly isFresh: (value: A, fetchedAt: number, now: number) => boolean
  /** Whether the value may be used while it is refreshed. A fresh value is usable. */
  readonly isUsable: (value: A, fetchedAt: number, now: number) => boolean
  /** The pause between the start of one fetch and the next refresh, in milliseconds. `failures`: failed fetches in a row. */
  readonly pause: (failures: number) => number
  /** Whether the value stays usable after a fetch that failed with this error; `undefined` for a defect. */
  readonly survives: Survives<E>
  /** How old a value is when its fetch starts, in milliseconds: another process may have requested it. Default 0. */
  readonly ageOf?: (value: A) => number
}

export interface RefreshAhead<A, E> {
  /** Returns the value if it is usable, and starts a refresh if one is due. Otherwise waits for a fetch. */
  readonly get: Effect.Effect<A, E>
  /** Waits for a fetch: the one in flight, or a new one. */
  readonly fetch: Effect.Effect<A, E>
  /** Starts a refresh if no fetch is in flight, and does not wait. */
  readonly start: Effect.Effect<void>
  /** The value if it is usable; never starts a fetch. */
  readonly getIfUsable: (now: number) => A | undefined
  /** Whether a usable value is due for a refresh and none is in flight. */
  readonly isDue: (now: number) => boolean
  /**
   * Waits for the fetch in flight, or for a new one if the pause is over. During the pause: the error of the last fetch,
   * or `undefined` if it succeeded.
   */
  readonly fetchUnlessPaused: (now: number) => Effect.Effect<A, E> | undefined
  /** The number of fetches that have started. */
  readonly started: () => number
  /**
   * Waits for the result of a fetch with a higher number than `after`: for the one in flight, or for a new one once the
   * pause is over. The result of an earlier fetch in flight, or of a request that another process sent before the wait, is
   * passed to `isEnough`, which may end the wait.
   */
  readonly fetchAfter: (after: number, isEnough: (value: A) => boolean) => Effect.Effect<A, E>
  readonly current: () => A | undefined
  /** When the fetch of the value started, in milliseconds since 1970, and the error of the last fetch if it failed. */
  readonly state: () => { readonly fetchedAt: number | undefined; readonly lastError: E | undefined }
  readonly set: (value: A, fetchedAt: number) => void
  readonly invalidate: () => void
}

/** The pause after a fetch that returned a request from before the wait, in milliseconds. */
const leastPause = 10

/** Makes `fetchAfter`. */
const waitForNext = <A, E>(
  kept: Kept<A, E>,
  fetched: Effect.Effect<A, E>,
  pause: RefreshAheadOptions<A, E>["pause"],
): RefreshAhead<A, E>["fetchAfter"] => {
  const waitSince = (
    since: number,
    after: number,
    isEnough: (value: A) => boolean,
    clock: Clock.Clock,
  ): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const { current, ended, flight, lastError } = kept
      if (ended > after && flight === undefined) {
        if (lastError !== undefined) return Effect.fail(lastError)
        // The request of another process may be from before the wait.
        if (current !== undefined && (current.isOwn || current.fetchedAt >= since || isEnough(current.value)))
          return Effect.succeed(current.value)
      }
      const again = Effect.suspend(() =>
        kept.current !== undefined && isEnough(kept.current.value)
          ? Effect.succeed(kept.current.value)
          : waitSince(since, after, isEnough, clock),
      )
      if (flight !== undefined) return Effect.andThen(Effect.exit(fetched), again)
      const remaining = pause(kept.failures) - ageOf(kept.startedAt, clock.currentTimeMillisUnsafe())
      if (remaining > 0) return Effect.delay(again, Duration.millis(remaining))
      const next = Effect.andThen(Effect.exit(fetched), again)
      // After a fetch without a usable result the next one never follows at once.
      return ended > after ? Effect.delay(next, Duration.millis(leastPause)) : next
    })
  return (after, isEnough) =>
    Clock.clockWith((clock) => waitSince(clock.currentTimeMillisUnsafe(), after, isEnough, clock))
}

/** Keeps what `fetch` returns. One fetch is in flight at a time. */
export const makeRefreshAhead = <A, E>(
  fetch: Effect.Effect<A, E>,
  { isFresh, isUsable, pause, survives, ageOf: ageOfValue }: RefreshAheadOptions<A, E>,
): RefreshAhead<A, E> => {
  const kept = new Kept<A, E>(survives, ageOfValue)

  const begin = (isRefresh: boolean): Effect.Effect<Flight<A, E>> =>
    Clock.clockWith((clock) => {
      if (kept.flight !== undefined) return Effect.succeed(kept.flight)
      const flight = kept.open(clock.currentTimeMillisUnsafe(), isRefresh)
      return Effect.as(launch(kept, flight, fetch), flight)
    })
  // Uninterruptible: an interruption in between would leave a flight without a fiber.
  const alone = Clock.clockWith((clock) => fetchAlone(kept, fetch, clock.currentTimeMillisUnsafe()))
  const start = platform.sharesRequests
    ? Effect.asVoid(Effect.uninterruptible(begin(true)))
    : Effect.asVoid(Effect.exit(alone))
  const shared = Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(begin(false), (flight) => {
      flight.waiters += 1
      return Effect.onInterrupt(restore(resultOf(kept, flight)), () => leave(kept, flight))
    }),
  )

  const fetched = platform.sharesRequests ? shared : alone

  const isRested = (now: number): boolean => ageOf(kept.startedAt, now) >= pause(kept.failures)
  const getIfUsable = (now: number): A | undefined => {
    if (kept.current === undefined) return undefined
    const { value, fetchedAt } = kept.current
    return isFresh(value, fetchedAt, now) || isUsable(value, fetchedAt, now) ? value : undefined
  }
  const isDue = (now: number): boolean =>
    kept.current !== undefined &&
    kept.flight === undefined &&
    !isFresh(kept.current.value, kept.current.fetchedAt, now) &&
    isRested(now)

  return {
    get: Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      const value = getIfUsable(now)
      if (value === undefined) return fetched
      return isDue(now) ? Effect.as(start, value) : Effect.succeed(value)
    }),
    fetch: fetched,
    start,
    getIfUsable,
    isDue,
    fetchUnlessPaused: (now) => {
      if (kept.flight !== undefined || isRested(now)) return fetched
      return kept.lastError === undefined ? undefined : Effect.fail(kept.lastError)
    },
    started: () => kept.started,
    fetchAfter: waitForNext(kept, fetched, pause),
    current: () => kept.current?.value,
    state: () => ({ fetchedAt: kept.current?.fetchedAt, lastError: kept.lastError }),
    set: (value, fetchedAt) => {
      kept.current = { value, fetchedAt, isOwn: true }
    },
    invalidate: () => {
      kept.current = undefined
    },
  }
}
