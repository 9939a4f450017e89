/** One request of all that ask the same at the same time. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { FactKey } from "./fact-key.ts"

export interface SingleFlight<A, E> {
  /**
   * Joins the request under way for this key, or begins it.
   *
   * One that was begun before `notBefore` is not joined; `now` is when this one is begun. Both in milliseconds.
   */
  readonly share: (
    key: FactKey,
    fetch: Effect.Effect<A, E>,
    times?: { readonly now: number; readonly notBefore: number },
  ) => Effect.Effect<A, E>
  /** Whoever asks from now on begins anew; those who wait get what they wait for. */
  readonly part: () => void
}

interface Flight<A, E> {
  /** When it was begun, in milliseconds. */
  readonly at: number
  /** Those who joined. */
  readonly joined: Set<(exit: Exit.Exit<A, E>) => void>
  /** The request's own fiber, once it is nobody's who asked. */
  fiber: Fiber.Fiber<A, E> | undefined
  /** How it ended. */
  exit: Exit.Exit<A, E> | undefined
}

/**
 * Makes a place where equal requests meet.
 *
 * Whoever gives up leaves the others alone; when the last one has left, the request is interrupted. The first caller
 * makes it
 * in his own fiber, for that is the quickest; if he gives up while others wait, it is made once more in a fiber of its
 * own.
 * What may not be made twice (`once`) has its own from the beginning.
 *
 * Looking for a request and joining or beginning it is one step that nothing can come between.
 */
export const singleFlight = <A, E>({ once = false } = {}): SingleFlight<A, E> => {
  let flights = new Map<FactKey, Flight<A, E>>()

  const close = (key: FactKey, flight: Flight<A, E>): void => {
    if (flights.get(key) === flight) flights.delete(key)
  }

  const open = (key: FactKey, at: number): Flight<A, E> => {
    const flight: Flight<A, E> = { at, joined: new Set(), fiber: undefined, exit: undefined }
    flights.set(key, flight)
    return flight
  }

  const land = (key: FactKey, flight: Flight<A, E>, exit: Exit.Exit<A, E>): void => {
    close(key, flight)
    flight.exit = exit
    for (const resume of flight.joined) resume(exit)
  }

  const detach = (key: FactKey, flight: Flight<A, E>, fetch: Effect.Effect<A, E>, caller: Caller): void => {
    flight.fiber = Effect.runForkWith(caller.context)(fetch)
    flight.fiber.addObserver((exit) => land(key, flight, exit))
  }

  const join = (
    key: FactKey,
    find: () => Flight<A, E>,
    again: Effect.Effect<A, E>,
    begin?: (flight: Flight<A, E>) => void,
  ): Effect.Effect<A, E> =>
    Effect.callback((resume) => {
      const flight = find()
      // That it was interrupted is between others: it was given up in the moment in which this one came.
      const mine = (exit: Exit.Exit<A, E>) => resume(Exit.hasInterrupts(exit) ? again : exit)
      if (flight.exit !== undefined) return mine(flight.exit)
      flight.joined.add(mine)
      if (flight.fiber === undefined) begin?.(flight)
      return Effect.suspend(() => {
        flight.joined.delete(mine)
        if (flight.joined.size > 0 || flight.fiber === undefined) return Effect.void
        close(key, flight)
        return Fiber.interrupt(flight.fiber)
      })
    })

  const share = (key: FactKey, fetch: Effect.Effect<A, E>, { now = 0, notBefore = 0 } = {}): Effect.Effect<A, E> =>
    Effect.withFiber((caller) => {
      const again = Effect.suspend(() => share(key, fetch, { now, notBefore }))
      if (once)
        return join(
          key,
          () => flights.get(key) ?? open(key, now),
          again,
          (flight) => detach(key, flight, fetch, caller),
        )
      let mine: Flight<A, E> | undefined
      const led = Effect.suspend(() => {
        const known = flights.get(key)
        if (known === undefined) mine = open(key, now)
        return known === undefined || known.at < notBefore ? fetch : join(key, () => known, again)
      })
      return Effect.onExitPrimitive(led, (exit) => {
        if (mine === undefined) return undefined
        if (mine.joined.size > 0 && Exit.hasInterrupts(exit)) detach(key, mine, fetch, caller)
        else land(key, mine, exit)
        return undefined
      })
    })

  return {
    share,
    part: () => {
      flights = new Map()
    },
  }
}

type Caller = Fiber.Fiber<unknown, unknown>
