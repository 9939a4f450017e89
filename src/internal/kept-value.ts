/** The state of a value that is refreshed ahead: what is kept, and the fetch in flight. */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { IsNotRepeated, OnFailedAttempt } from "./failed-attempt.ts"

/** Whether a value stays usable after a fetch that failed with this error; `undefined` for a defect. */
export type Survives<E> = (error: E | undefined) => boolean

/** A fetch in flight. */
export interface Flight<A, E> {
  readonly number: number
  readonly result: Deferred.Deferred<A, E>
  readonly startedAt: number
  /** A refresh goes on without waiters. */
  isRefresh: boolean
  waiters: number
  fiber?: Fiber.Fiber<unknown, unknown>
  /** Fails when the next attempt of the fetch fails; made for the first caller that does not wait for a repetition. */
  failedAttempt?: Deferred.Deferred<never, E> | undefined
}

/** The state of a value: what is kept, and what is in flight. */
export class Kept<A, E> {
  /** `isOwn`: this process requested it. `fetchedAt`: when it was requested, in milliseconds since 1970. */
  current: { readonly value: A; readonly fetchedAt: number; readonly isOwn: boolean } | undefined
  flight: Flight<A, E> | undefined
  startedAt = Number.NEGATIVE_INFINITY
  /** The numbers of the fetch that started last and of the fetch that ended last. */
  started = 0
  ended = 0
  failures = 0
  lastError: E | undefined
  readonly #survives: Survives<E>
  readonly #ageOf: (value: A) => number

  constructor(survives: Survives<E>, ageOf: (value: A) => number = () => 0) {
    this.#survives = survives
    this.#ageOf = ageOf
  }

  open(startedAt: number, isRefresh: boolean): Flight<A, E> {
    this.started += 1
    const flight: Flight<A, E> = {
      number: this.started,
      result: Deferred.makeUnsafe(),
      startedAt,
      isRefresh,
      waiters: 0,
    }
    this.flight = flight
    this.startedAt = startedAt
    return flight
  }

  /** Takes the result of a flight. The result of an abandoned flight is ignored. */
  complete(flight: Flight<A, E>, exit: Exit.Exit<A, E>): void {
    if (this.flight !== flight) return
    this.flight = undefined
    this.ended = flight.number
    if (Exit.isSuccess(exit)) {
      const age = this.#ageOf(exit.value)
      this.current = { value: exit.value, fetchedAt: flight.startedAt - age, isOwn: age === 0 }
      // The pause begins with the request, whichever process sent it.
      if (age > 0) this.startedAt = flight.startedAt - age
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
export const launch = <A, E>(
  kept: Kept<A, E>,
  flight: Flight<A, E>,
  fetch: Effect.Effect<A, E>,
): Effect.Effect<void> => {
  const run = Effect.flatMap(Effect.exit(fetch), (exit) =>
    Effect.suspend(() => {
      kept.complete(flight, exit)
      return Deferred.done(flight.result, exit)
    }),
  )
  const withoutSpan = Effect.updateContext(run, (context: Context.Context<never>) =>
    Context.omit(Tracer.ParentSpan)(context),
  )
  const observed = Effect.provideService(flight.isRefresh ? withoutSpan : run, OnFailedAttempt, (error) => {
    const { failedAttempt } = flight
    flight.failedAttempt = undefined
    if (failedAttempt !== undefined) Deferred.doneUnsafe(failedAttempt, Exit.fail(error as E))
  })
  return Effect.map(Effect.forkDetach(observed, { startImmediately: true }), (fiber) => {
    flight.fiber = fiber
  })
}

/**
 * Fetches in the fiber of the caller, where callers share no request in flight. The result is kept for all of them, unless
 * a later fetch has ended before.
 */
export const fetchAlone = <A, E>(
  kept: Kept<A, E>,
  fetch: Effect.Effect<A, E>,
  startedAt: number,
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const flight = kept.open(startedAt, false)
    kept.flight = undefined
    return Effect.onExitPrimitive(fetch, (exit) => {
      if (flight.number < kept.ended || Exit.hasInterrupts(exit)) return undefined
      kept.flight = flight
      kept.complete(flight, exit)
      return undefined
    })
  })

/** Ends the wait for a flight. The last waiter that gives up interrupts the fetch, unless it is a refresh. */
export const leave = <A, E>(kept: Kept<A, E>, flight: Flight<A, E>): Effect.Effect<void> =>
  Effect.suspend(() => {
    flight.waiters -= 1
    if (flight.waiters > 0 || flight.isRefresh || kept.flight !== flight || flight.fiber === undefined)
      return Effect.void
    kept.flight = undefined
    return Effect.asVoid(Fiber.interrupt(flight.fiber))
  })

/** Waits for the result of a flight. A caller with `retry: false` fails with the first attempt that fails. */
export const resultOf = <A, E>(kept: Kept<A, E>, flight: Flight<A, E>): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) => {
    const result = Deferred.await(flight.result)
    if (!fiber.getRef(IsNotRepeated)) return result
    const failedAttempt = flight.failedAttempt ?? Deferred.makeUnsafe<never, E>()
    flight.failedAttempt = failedAttempt
    return Effect.raceFirst(
      result,
      Effect.tapError(Deferred.await(failedAttempt), (error) => Effect.sync(() => giveUp(kept, flight, error))),
    )
  })

/** Leaves a flight because of the error of an attempt. The last waiter ends the flight with this error. */
const giveUp = <A, E>(kept: Kept<A, E>, flight: Flight<A, E>, error: E): void => {
  flight.waiters -= 1
  if (flight.waiters > 0 || flight.isRefresh || kept.flight !== flight) return
  kept.complete(flight, Exit.fail(error))
  flight.fiber?.interruptUnsafe()
}
