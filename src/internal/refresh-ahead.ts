/** A value that is fetched, kept while it is usable, and refreshed before it expires. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { ageOf } from "./time.ts"

export interface RefreshAheadOptions<A, E> {
  /** Whether the value needs no refresh. `fetchedAt` and `now` are milliseconds since 1970. */
  readonly isFresh: (value: A, fetchedAt: number, now: number) => boolean
  /** Whether the value may be used while it is refreshed. A fresh value is usable. */
  readonly isUsable: (value: A, fetchedAt: number, now: number) => boolean
  /** The pause between the start of one fetch and the next refresh, in milliseconds. `failures`: failed fetches in a row. */
  readonly pause: (failures: number) => number
  /** Whether the value stays usable after a fetch that failed with this error; `undefined` for a defect. */
  readonly survives: (error: E | undefined) => boolean
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
  readonly current: () => A | undefined
  readonly set: (value: A, fetchedAt: number) => void
  readonly invalidate: () => void
}

/** A fetch in flight. */
interface Flight<A, E> {
  readonly result: Deferred.Deferred<A, E>
  readonly startedAt: number
  /** A refresh goes on without waiters. */
  isRefresh: boolean
  waiters: number
  fiber?: Fiber.Fiber<unknown, unknown>
}

/** The state of a value: what is kept, and what is in flight. */
class Kept<A, E> {
  current: { readonly value: A; readonly fetchedAt: number } | undefined
  flight: Flight<A, E> | undefined
  startedAt = Number.NEGATIVE_INFINITY
  failures = 0
  lastError: E | undefined
  readonly #survives: RefreshAheadOptions<A, E>["survives"]

  constructor(survives: RefreshAheadOptions<A, E>["survives"]) {
    this.#survives = survives
  }

  open(startedAt: number, isRefresh: boolean): Flight<A, E> {
    const flight: Flight<A, E> = { result: Deferred.makeUnsafe(), startedAt, isRefresh, waiters: 0 }
    this.flight = flight
    this.startedAt = startedAt
    return flight
  }

  /** Takes the result of a flight. The result of an abandoned flight is ignored. */
  complete(flight: Flight<A, E>, exit: Exit.Exit<A, E>): void {
    if (this.flight !== flight) return
    this.flight = undefined
    if (Exit.isSuccess(exit)) {
      this.current = { value: exit.value, fetchedAt: flight.startedAt }
      this.failures = 0
      this.lastError = undefined
      return
    }
    this.lastError = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    if (this.lastError !== undefined) this.failures += 1
    if (!this.#survives(this.lastError)) this.current = undefined
  }
}

/**
 * Runs the fetch of a flight in a fiber of its own: the caller that started it may give up without failing the others.
 * A refresh may outlive the span of its caller, so it has none.
 */
const launch = <A, E>(kept: Kept<A, E>, flight: Flight<A, E>, fetch: Effect.Effect<A, E>): Effect.Effect<void> => {
  const run = Effect.flatMap(Effect.exit(fetch), (exit) =>
    Effect.suspend(() => {
      kept.complete(flight, exit)
      return Deferred.done(flight.result, exit)
    }),
  )
  const withoutSpan = Effect.updateContext(run, (context: Context.Context<never>) =>
    Context.omit(Tracer.ParentSpan)(context),
  )
  return Effect.map(Effect.forkDetach(flight.isRefresh ? withoutSpan : run, { startImmediately: true }), (fiber) => {
    flight.fiber = fiber
  })
}

/** Ends the wait for a flight. The last waiter that gives up interrupts the fetch, unless it is a refresh. */
const leave = <A, E>(kept: Kept<A, E>, flight: Flight<A, E>): Effect.Effect<void> =>
  Effect.suspend(() => {
    flight.waiters -= 1
    if (flight.waiters > 0 || flight.isRefresh || kept.flight !== flight || flight.fiber === undefined)
      return Effect.void
    kept.flight = undefined
    return Effect.asVoid(Fiber.interrupt(flight.fiber))
  })

/** Keeps what `fetch` returns. One fetch is in flight at a time. */
export const makeRefreshAhead = <A, E>(
  fetch: Effect.Effect<A, E>,
  { isFresh, isUsable, pause, survives }: RefreshAheadOptions<A, E>,
): RefreshAhead<A, E> => {
  const kept = new Kept<A, E>(survives)

  const begin = (isRefresh: boolean): Effect.Effect<Flight<A, E>> =>
    Clock.clockWith((clock) => {
      if (kept.flight !== undefined) return Effect.succeed(kept.flight)
      const flight = kept.open(clock.currentTimeMillisUnsafe(), isRefresh)
      return Effect.as(launch(kept, flight, fetch), flight)
    })
  // Uninterruptible: an interruption in between would leave a flight without a fiber.
  const start = Effect.asVoid(Effect.uninterruptible(begin(true)))
  const fetched = Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(begin(false), (flight) => {
      flight.waiters += 1
      return Effect.onInterrupt(restore(Deferred.await(flight.result)), () => leave(kept, flight))
    }),
  )

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
    current: () => kept.current?.value,
    set: (value, fetchedAt) => {
      kept.current = { value, fetchedAt }
    },
    invalidate: () => {
      kept.current = undefined
    },
  }
}
