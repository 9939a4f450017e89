/** One request of all that ask the same at the same time. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { FactKey } from "./fact-key.ts"

export interface SingleFlight<A, E> {
  /** Joins the request under way for this key, or begins it. */
  readonly share: (key: FactKey, fetch: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Whoever asks from now on begins anew; those who wait get what they wait for. */
  readonly part: () => void
}

interface Flight<A, E> {
  readonly waiting: Set<(exit: Exit.Exit<A, E>) => void>
  fiber?: Fiber.Fiber<A, E>
}

/**
 * Makes a place where equal requests meet.
 *
 * The request belongs to nobody who waits for it: whoever gives up leaves the others alone, and when the last one has
 * left it is interrupted.
 */
export const singleFlight = <A, E>(): SingleFlight<A, E> => {
  let flights = new Map<FactKey, Flight<A, E>>()

  const begin = (key: FactKey, flight: Flight<A, E>, fiber: Fiber.Fiber<A, E>): void => {
    flight.fiber = fiber
    fiber.addObserver((exit) => {
      if (flights.get(key) === flight) flights.delete(key)
      for (const resume of flight.waiting) resume(exit)
    })
  }

  const leave = (key: FactKey, flight: Flight<A, E>, resume: (exit: Exit.Exit<A, E>) => void): Effect.Effect<void> =>
    Effect.suspend(() => {
      flight.waiting.delete(resume)
      if (flight.waiting.size > 0 || flight.fiber === undefined) return Effect.void
      if (flights.get(key) === flight) flights.delete(key)
      return Fiber.interrupt(flight.fiber)
    })

  return {
    share: (key, fetch) =>
      Effect.withFiber((caller) =>
        Effect.callback((resume) => {
          const known = flights.get(key)
          const flight = known ?? { waiting: new Set() }
          flight.waiting.add(resume)
          if (known === undefined) {
            flights.set(key, flight)
            begin(key, flight, Effect.runForkWith(caller.context)(fetch))
          }
          return leave(key, flight, resume)
        }),
      ),
    part: () => {
      flights = new Map()
    },
  }
}
