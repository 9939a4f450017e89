/** A value that is fetched, kept while it is usable, and refreshed before it expires. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { ageOf } from "./time.ts"

export interface RefreshAheadOptions<A, E> {
  /** Whether the value needs no refresh. `fetchedAt` and `now` are milliseconds since 1970. */
  readonly isFresh: (value: A, fetchedAt: number, now: number) => boolean
  /** Whether the value may be used while it is refreshed. A fresh value is usable. */
  readonly isUsable: (value: A, fetchedAt: number, now: number) => boolean
  /** The pause between the start of one fetch and the next refresh, in milliseconds. `failures`: failed fetches in a row. */
  readonly pause: (failures: number) => number
  /** Whether the value stays usable after a fetch that failed with this error. */
  readonly survives: (error: E) => boolean
}

export interface RefreshAhead<A, E> {
  /** Returns the value if it is usable, and starts a refresh if one is due. Otherwise waits for a fetch. */
  readonly get: Effect.Effect<A, E>
  /** Waits for a fetch: the one in flight, or a new one. */
  readonly fetch: Effect.Effect<A, E>
  /** Starts a fetch if none is in flight, and does not wait. */
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
  readonly current: () => A | undefined
  readonly set: (value: A, fetchedAt: number) => void
  readonly invalidate: () => void
}

/** Keeps what `fetch` returns. One fetch is in flight at a time; a caller that gives up does not interrupt it. */
export const makeRefreshAhead = <A, E>(
  fetch: Effect.Effect<A, E>,
  { isFresh, isUsable, pause, survives }: RefreshAheadOptions<A, E>,
): RefreshAhead<A, E> => {
  let current: { readonly value: A; readonly fetchedAt: number } | undefined
  let inFlight: Deferred.Deferred<A, E> | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let lastError: E | undefined

  const complete = (exit: Exit.Exit<A, E>): void => {
    inFlight = undefined
    if (Exit.isSuccess(exit)) {
      current = { value: exit.value, fetchedAt: startedAt }
      failures = 0
      lastError = undefined
      return
    }
    failures += 1
    lastError = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    if (lastError === undefined || !survives(lastError)) current = undefined
  }

  // Uninterruptible: an interruption in between would leave a fetch in flight for ever.
  const begin = Effect.uninterruptible(
    Clock.clockWith((clock) => {
      if (inFlight !== undefined) return Effect.succeed(inFlight)
      const deferred = Deferred.makeUnsafe<A, E>()
      inFlight = deferred
      startedAt = clock.currentTimeMillisUnsafe()
      const run = Effect.flatMap(Effect.exit(fetch), (exit) =>
        Effect.suspend(() => {
          complete(exit)
          return Deferred.done(deferred, exit)
        }),
      )
      // Detached: the caller that started it may give up without failing the others.
      return Effect.as(Effect.forkDetach(run, { startImmediately: true }), deferred)
    }),
  )
  const fetched = Effect.flatMap(begin, Deferred.await)

  const isRested = (now: number): boolean => ageOf(startedAt, now) >= pause(failures)
  const getIfUsable = (now: number): A | undefined => {
    if (current === undefined) return undefined
    const { value, fetchedAt } = current
    return isFresh(value, fetchedAt, now) || isUsable(value, fetchedAt, now) ? value : undefined
  }
  const isDue = (now: number): boolean =>
    current !== undefined && inFlight === undefined && !isFresh(current.value, current.fetchedAt, now) && isRested(now)

  return {
    get: Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      const value = getIfUsable(now)
      if (value === undefined) return fetched
      return isDue(now) ? Effect.as(begin, value) : Effect.succeed(value)
    }),
    fetch: fetched,
    start: Effect.asVoid(begin),
    getIfUsable,
    isDue,
    fetchUnlessPaused: (now) => {
      if (inFlight !== undefined || isRested(now)) return fetched
      return lastError === undefined ? undefined : Effect.fail(lastError)
    },
    current: () => current?.value,
    set: (value, fetchedAt) => {
      current = { value, fetchedAt }
    },
    invalidate: () => {
      current = undefined
    },
  }
}
