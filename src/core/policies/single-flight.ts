/** One request for all concurrent callers with the same key. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { platform } from "#platform"
import type { CacheKey } from "./cache-key.ts"

export interface SingleFlight<A, E> {
  /**
   * Joins the request in flight for this key, or starts one with `send`. The effect is for one run: call this function
   * again to run it again.
   *
   * @param restart what a caller does that would have joined a request at the moment it ended; default: start over
   */
  readonly do: (
    key: CacheKey,
    send: () => Effect.Effect<A, E>,
    request?: SharedRequest<A>,
    restart?: () => Effect.Effect<A, E>,
  ) => Effect.Effect<A, E>
  /**
   * Later callers with these keys, or without keys with any key, start a new request. Callers that wait receive the result
   * that they wait for.
   */
  readonly forget: (keys?: ReadonlyArray<CacheKey>) => void
}

/** A request and its properties. Times are milliseconds. */
export interface SharedRequest<A> {
  readonly startedAt: number
  /** A request in flight that started before this time is not joined. */
  readonly notBefore: number
  /** How old the result may be. A caller joins no request whose result may be older than it accepts. Default 0. */
  readonly maxAge?: number
  /** Called once with the result. Returns the result for the waiters. */
  readonly complete: (result: A, hasWaiters: boolean) => A
}

type CallerFiber = Fiber.Fiber<unknown, unknown>

/** A class: with many requests in flight, V8 may treat the objects of a literal as long-lived (decision 0017). */
class Flight<A, E> {
  readonly key: CacheKey
  /** In milliseconds. */
  readonly startedAt: number
  readonly maxAge: number
  /** `send` and `request` are released at the end: outgrown tables of the map would keep them alive. */
  send: (() => Effect.Effect<A, E>) | undefined
  request: SharedRequest<A> | undefined
  waiters: Set<(exit: Exit.Exit<A, E>) => void> | undefined = undefined
  /** The fiber of the request, if it is not the fiber of the first caller. */
  fiber: Fiber.Fiber<A, E> | undefined = undefined

  constructor(key: CacheKey, send: () => Effect.Effect<A, E>, request: SharedRequest<A>) {
    this.key = key
    this.startedAt = request.startedAt
    this.maxAge = request.maxAge ?? 0
    this.send = send
    this.request = request
  }
}

/** The requests in flight, by key. */
class Flights<A, E> {
  #byKey = new Map<CacheKey, Flight<A, E>>()

  find(key: CacheKey, { notBefore, maxAge = 0 }: SharedRequest<A>): Flight<A, E> | undefined {
    const flight = this.#byKey.get(key)
    return flight === undefined || flight.startedAt < notBefore || flight.maxAge > maxAge ? undefined : flight
  }

  open(key: CacheKey, send: () => Effect.Effect<A, E>, request: SharedRequest<A>): Flight<A, E> {
    const flight = new Flight(key, send, request)
    this.#byKey.set(key, flight)
    return flight
  }

  close(flight: Flight<A, E>): void {
    if (this.#byKey.get(flight.key) === flight) this.#byKey.delete(flight.key)
  }

  /** Ends a flight, resumes its waiters, and returns what they receive. */
  complete(flight: Flight<A, E>, exit: Exit.Exit<A, E>): Exit.Exit<A, E> {
    this.close(flight)
    const { request, waiters } = flight
    flight.send = undefined
    flight.request = undefined
    flight.waiters = undefined
    const result: Exit.Exit<A, E> =
      Exit.isSuccess(exit) && request !== undefined ? completed(request, exit.value, waiters !== undefined) : exit
    if (waiters !== undefined) for (const resume of waiters) resume(result)
    return result
  }

  /** Runs the request in a fiber of its own. */
  detach(flight: Flight<A, E>, caller: CallerFiber): void {
    if (flight.send === undefined) return
    flight.fiber = Effect.runForkWith(caller.context)(Effect.suspend(flight.send))
    flight.fiber.addObserver((exit) => this.complete(flight, exit))
  }

  forget(keys: ReadonlyArray<CacheKey> | undefined): void {
    if (keys === undefined) this.#byKey = new Map()
    else for (const key of keys) this.#byKey.delete(key)
  }
}

/** A `complete` that throws is a defect for every waiter, and every waiter gets it. */
const completed = <A, E>(request: SharedRequest<A>, result: A, hasWaiters: boolean): Exit.Exit<A, E> => {
  try {
    return Exit.succeed(request.complete(result, hasWaiters))
  } catch (defect) {
    return Exit.die(defect)
  }
}

/** Waits for a flight. The last waiter that gives up interrupts a request that has its own fiber. */
const join = <A, E>(
  flights: Flights<A, E>,
  find: () => Flight<A, E>,
  restart: () => Effect.Effect<A, E>,
  begin?: (flight: Flight<A, E>) => void,
): Effect.Effect<A, E> =>
  Effect.callback((resume) => {
    const flight = find()
    // It ended, or its last waiter gave up, at this very moment.
    if (flight.send === undefined) return resume(restart())
    const waiter = (exit: Exit.Exit<A, E>) => resume(Exit.hasInterrupts(exit) ? restart() : exit)
    const waiters = flight.waiters ?? new Set()
    flight.waiters = waiters.add(waiter)
    if (flight.fiber === undefined) begin?.(flight)
    return Effect.suspend(() => {
      waiters.delete(waiter)
      if (waiters.size > 0 || flight.fiber === undefined) return Effect.void
      flights.close(flight)
      return Fiber.interrupt(flight.fiber)
    })
  })

/**
 * Makes a single flight.
 *
 * A caller that gives up leaves the others alone; when the last one gives up, the request is interrupted. The first caller
 * sends the request in its own fiber, which is fastest; if it gives up while others wait, the request is sent once more in
 * a fiber of its own. With `once`, a request is never sent twice: it has its own fiber from the start, and finding, joining
 * and starting it are one step.
 */
export const singleFlight = <A, E>({ once = false } = {}): SingleFlight<A, E> => {
  const flights = new Flights<A, E>()
  const doOnce: SingleFlight<A, E>["do"] = (
    key,
    send,
    request = unshared,
    restart = () => doOnce(key, send, request, restart),
  ) =>
    Effect.withFiber((caller) =>
      join(
        flights,
        () => flights.find(key, request) ?? flights.open(key, send, request),
        restart,
        (flight) => flights.detach(flight, caller),
      ),
    )
  const doInFirstCaller: SingleFlight<A, E>["do"] = (
    key,
    send,
    request = unshared,
    restart = () => doInFirstCaller(key, send, request, restart),
  ) => {
    let own: Flight<A, E> | undefined
    let fiber: CallerFiber | undefined
    const led = Effect.withFiber((caller) => {
      const existing = flights.find(key, request)
      if (existing !== undefined) return join(flights, () => existing, restart)
      fiber = caller
      own = flights.open(key, send, request)
      return send()
    })
    return Effect.onExitPrimitive(led, (exit) => {
      if (own === undefined || fiber === undefined) return undefined
      if (own.waiters !== undefined && own.waiters.size > 0 && Exit.hasInterrupts(exit)) flights.detach(own, fiber)
      else {
        const result = flights.complete(own, exit)
        if (Exit.isSuccess(exit) && Exit.isFailure(result)) return result
      }
      return undefined
    })
  }
  if (!platform.sharesRequests) return { do: doAlone, forget: () => {} }
  return { do: once ? doOnce : doInFirstCaller, forget: (keys) => flights.forget(keys) }
}

/** For platforms on which callers share no request in flight: each caller sends its own. */
const doAlone = <A, E>(_: CacheKey, send: () => Effect.Effect<A, E>, request: SharedRequest<A> = unshared) =>
  Effect.map(Effect.suspend(send), (result) => request.complete(result, false))

/** Joins a request of any age, and returns the result unchanged. */
const unshared = { startedAt: 0, notBefore: 0, complete: <A>(result: A): A => result }
