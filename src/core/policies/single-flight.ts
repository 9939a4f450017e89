/** One request of all that ask the same at the same time. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { FactKey } from "./cache-key.ts"

export interface SingleFlight<A, E> {
  /**
   * Joins the request under way for this key, or begins it with `fetch`. What it gives back is for one run: call it when
   * it is to be run.
   */
  readonly share: (
    key: FactKey,
    fetch: () => Effect.Effect<A, E>,
    asked?: Asked<A>,
    again?: Again<A, E>,
  ) => Effect.Effect<A, E>
  /** Whoever asks from now on begins anew; those who wait get what they wait for. */
  readonly part: () => void
}

/** What is to be known of a request; times in milliseconds. */
export interface Asked<A> {
  readonly now: number
  /** One that was begun before this is not joined. */
  readonly notBefore: number
  /** Takes the answer, once, and gives back what those get who have joined; only then is it `isShared`. */
  readonly landed: (answer: A, isShared: boolean) => A
}

/** What is done by one who would have joined a request that ended in that moment. */
type Again<A, E> = () => Effect.Effect<A, E>

/** A class: V8 may take the objects of a literal for long-lived ones when many are under way (decision 0017). */
class Flight<A, E> {
  readonly key: FactKey
  /** When it was begun, in milliseconds. */
  readonly at: number
  /**
   * What there is to do, and what is done with the answer, until it has landed: tables that the map has outgrown would keep
   * alive all that hangs on it.
   */
  fetch: (() => Effect.Effect<A, E>) | undefined
  asked: Asked<A> | undefined
  /** Those who joined. */
  joined: Set<(exit: Exit.Exit<A, E>) => void> | undefined = undefined
  /** The request's own fiber, once it is nobody's who asked. */
  fiber: Fiber.Fiber<A, E> | undefined = undefined

  constructor(key: FactKey, fetch: () => Effect.Effect<A, E>, asked: Asked<A>) {
    this.key = key
    this.at = asked.now
    this.fetch = fetch
    this.asked = asked
  }
}

/**
 * Makes a place where equal requests meet.
 *
 * Whoever gives up leaves the others alone; when the last one has left, the request is interrupted. The first caller makes
 * it in his own fiber, for that is the quickest; if he gives up while others wait, it is made once more in a fiber of its
 * own. What may not be made twice (`once`) has its own from the beginning.
 *
 * Who comes in the moment in which a request ends starts over (`again`), where its answer may be known by now. What may not
 * be made twice is looked for and joined or begun in one step that nothing can come between.
 */
export const singleFlight = <A, E>({ once = false } = {}): SingleFlight<A, E> => {
  let flights = new Map<FactKey, Flight<A, E>>()

  const open = (key: FactKey, fetch: () => Effect.Effect<A, E>, asked: Asked<A>): Flight<A, E> => {
    const flight = new Flight(key, fetch, asked)
    flights.set(key, flight)
    return flight
  }

  const find = (key: FactKey, { notBefore }: Asked<A>): Flight<A, E> | undefined => {
    const known = flights.get(key)
    return known === undefined || known.at < notBefore ? undefined : known
  }

  const close = (flight: Flight<A, E>): void => {
    if (flights.get(flight.key) === flight) flights.delete(flight.key)
  }

  /** Ends a flight, tells those who joined, and gives back what they are told. */
  const land = (flight: Flight<A, E>, exit: Exit.Exit<A, E>): Exit.Exit<A, E> => {
    close(flight)
    const { asked, joined } = flight
    flight.fetch = undefined
    flight.asked = undefined
    flight.joined = undefined
    const theirs = Exit.isSuccess(exit) && asked !== undefined ? taken(asked, exit.value, joined !== undefined) : exit
    if (joined !== undefined) for (const resume of joined) resume(theirs)
    return theirs
  }

  /** What cannot be taken is a defect for everybody, and leaves nobody waiting. */
  const taken = (asked: Asked<A>, answer: A, isShared: boolean): Exit.Exit<A, E> => {
    try {
      return Exit.succeed(asked.landed(answer, isShared))
    } catch (defect) {
      return Exit.die(defect)
    }
  }

  const detach = (flight: Flight<A, E>, caller: Caller): void => {
    if (flight.fetch === undefined) return
    flight.fiber = Effect.runForkWith(caller.context)(Effect.suspend(flight.fetch))
    flight.fiber.addObserver((exit) => land(flight, exit))
  }

  const join = (
    find: () => Flight<A, E>,
    again: Again<A, E>,
    begin?: (flight: Flight<A, E>) => void,
  ): Effect.Effect<A, E> =>
    Effect.callback((resume) => {
      const flight = find()
      // It ended, or was given up, in the moment in which this one came.
      if (flight.fetch === undefined) return resume(again())
      const mine = (exit: Exit.Exit<A, E>) => resume(Exit.hasInterrupts(exit) ? again() : exit)
      const joined = flight.joined ?? new Set()
      flight.joined = joined.add(mine)
      if (flight.fiber === undefined) begin?.(flight)
      return Effect.suspend(() => {
        joined.delete(mine)
        if (joined.size > 0 || flight.fiber === undefined) return Effect.void
        close(flight)
        return Fiber.interrupt(flight.fiber)
      })
    })

  const share: SingleFlight<A, E>["share"] = (
    key,
    fetch,
    asked = always,
    again = () => share(key, fetch, asked, again),
  ) => {
    if (once)
      return Effect.withFiber((caller) =>
        join(
          () => find(key, asked) ?? open(key, fetch, asked),
          again,
          (flight) => detach(flight, caller),
        ),
      )
    let mine: Flight<A, E> | undefined
    let me: Caller | undefined
    const led = Effect.withFiber((caller) => {
      const known = find(key, asked)
      if (known !== undefined) return join(() => known, again)
      me = caller
      mine = open(key, fetch, asked)
      return fetch()
    })
    return Effect.onExitPrimitive(led, (exit) => {
      if (mine === undefined || me === undefined) return undefined
      if (mine.joined !== undefined && mine.joined.size > 0 && Exit.hasInterrupts(exit)) detach(mine, me)
      else {
        const theirs = land(mine, exit)
        if (Exit.isSuccess(exit) && Exit.isFailure(theirs)) return theirs
      }
      return undefined
    })
  }

  return {
    share,
    part: () => {
      flights = new Map()
    },
  }
}

type Caller = Fiber.Fiber<unknown, unknown>

/** Nothing is too old, and the answer is the same for all. */
const always = { now: 0, notBefore: 0, landed: <A>(answer: A): A => answer }
