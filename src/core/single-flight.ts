/** One request of all that ask the same at the same time. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { FactKey } from "./fact-key.ts"

export interface SingleFlight<A, E> {
  /** Joins the request under way for this key, or begins it. */
  readonly share: (key: FactKey, fetch: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Whoever asks from now on begins anew; those who wait get what they wait for. */
  readonly part: () => void
}

interface Flight<A, E> {
  /** Those who joined; most requests have none. */
  joined: Set<(exit: Exit.Exit<A, E>) => void> | undefined
  /** The request's own fiber, once it is nobody's who asked. */
  fiber: Fiber.Fiber<A, E> | undefined
}

/**
 * Makes a place where equal requests meet.
 *
 * Whoever gives up leaves the others alone; when the last one has left, the request is interrupted. The first caller makes it
 * in his own fiber, for that is the quickest; if he gives up while others wait, it is made once more in a fiber of its own.
 * What may not be made twice (`once`) has its own from the beginning.
 */
export const singleFlight = <A, E>({ once = false } = {}): SingleFlight<A, E> => {
  let flights = new Map<FactKey, Flight<A, E>>()

  const close = (key: FactKey, flight: Flight<A, E>): void => {
    if (flights.get(key) === flight) flights.delete(key)
  }

  const land = (key: FactKey, flight: Flight<A, E>, exit: Exit.Exit<A, E>): void => {
    close(key, flight)
    for (const resume of flight.joined ?? []) resume(exit)
  }

  const detach = (
    key: FactKey,
    flight: Flight<A, E>,
    fetch: Effect.Effect<A, E>,
    caller: Fiber.Fiber<unknown, unknown>,
  ): void => {
    flight.fiber = Effect.runForkWith(caller.context)(fetch)
    flight.fiber.addObserver((exit) => land(key, flight, exit))
  }

  const join = (key: FactKey, flight: Flight<A, E>, begin?: () => void): Effect.Effect<A, E> =>
    Effect.callback((resume) => {
      flight.joined ??= new Set()
      const { joined } = flight
      joined.add(resume)
      begin?.()
      return Effect.suspend(() => {
        joined.delete(resume)
        if (joined.size > 0 || flight.fiber === undefined) return Effect.void
        close(key, flight)
        return Fiber.interrupt(flight.fiber)
      })
    })

  const lead = (
    key: FactKey,
    flight: Flight<A, E>,
    fetch: Effect.Effect<A, E>,
    caller: Fiber.Fiber<unknown, unknown>,
  ): Effect.Effect<A, E> =>
    Effect.onExitPrimitive(fetch, (exit) => {
      if (flight.joined !== undefined && flight.joined.size > 0 && Exit.hasInterrupts(exit))
        detach(key, flight, fetch, caller)
      else land(key, flight, exit)
      return undefined
    })

  return {
    share: (key, fetch) =>
      Effect.withFiber((caller) => {
        const known = flights.get(key)
        if (known !== undefined) return join(key, known)
        const flight: Flight<A, E> = { joined: undefined, fiber: undefined }
        flights.set(key, flight)
        return once ? join(key, flight, () => detach(key, flight, fetch, caller)) : lead(key, flight, fetch, caller)
      }),
    part: () => {
      flights = new Map()
    },
  }
}
