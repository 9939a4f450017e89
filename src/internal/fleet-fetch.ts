/** One request for all processes of a fleet, whose result they share until it is too old. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Claim, Fleet, FleetLock, FleetParties } from "../ports/fleet.ts"
import { clockOf } from "./time.ts"

/** The stored part of a result. */
export interface StoredResult {
  readonly text: string
  /** In milliseconds. */
  readonly lifetime: number
  readonly parties: FleetParties
}

/** A request whose result the processes share. Times are milliseconds. */
export interface FleetRequest<A> {
  readonly fleet: Fleet
  readonly key: () => Promise<string>
  /** How old the result of another process may be. */
  readonly maxAge: number
  /** How long to wait for the request of another process before this one sends its own. */
  readonly waitFor: number
  /** How long the other processes wait for this one at most; 0: they do not wait. */
  readonly lockFor: number
  /**
   * Reads a stored result; `age`: the time since it was requested. `undefined`: it is not usable, and is requested
   * again.
   */
  readonly read: (text: string, age: number, now: number) => A | undefined
  /**
   * Returns the text to store; `undefined`: nothing is stored. `startedAt`: when the request was sent, by the fiber's
   * clock.
   */
  readonly write: (result: A, startedAt: number, now: number) => Promise<StoredResult | undefined>
}

/** How long a process waits for the request of another one while a caller waits for the result, in milliseconds. */
export const shortWait = 100

/** How long it waits if no caller waits, in milliseconds: as long as a request takes at most. */
export const longWait = 5000

/** The longest time of the lock of a request, in milliseconds. */
export const requestLock = 5000

/** The longest lifetime that a fleet takes, in milliseconds. */
const longestLifetime = 24 * 60 * 60_000

/** Claims an entry. A caller that is interrupted releases the lock. */
export const claiming = (
  fleet: Fleet,
  key: () => Promise<string>,
  options: Parameters<Fleet["claim"]>[1],
): Effect.Effect<Claim | undefined> =>
  Effect.promise(async (signal) => {
    const claim = await fleet.claim(await key(), options)
    if (signal.aborted) await lockOf(claim)?.release()
    return claim
  })

/** The lock that a claim took. */
const lockOf = (claim: Claim | undefined): FleetLock | undefined =>
  claim === undefined || claim.entry !== undefined || typeof claim.lock === "string" ? undefined : claim.lock

/** The pause before the next claim, in milliseconds: short at first, because most requests end soon. */
export const pauseAfter = (waited: number): number => Math.min(Math.max(4, waited / 2), 250)

/** Claims an entry. Repeats the claim while another process sends the request. */
const claimOrWait = <A>(request: FleetRequest<A>, maxAge: number, waited = 0): Effect.Effect<Claim | undefined> => {
  const { fleet, key, waitFor, lockFor } = request
  return Effect.flatMap(claiming(fleet, key, { maxAge, lockFor }), (claim) => {
    if (claim === undefined || claim.entry !== undefined || claim.lock !== "taken" || waited >= waitFor)
      return Effect.succeed(claim)
    const pause = Math.min(pauseAfter(waited), waitFor - waited)
    return Effect.delay(claimOrWait(request, maxAge, waited + pause), Duration.millis(pause))
  })
}

/**
 * Returns the result of another process if it is usable, or sends the request for all of them.
 *
 * If the store does not answer, the request is sent, and its result is not shared.
 */
export const fetchThroughFleet = <A, E>(request: FleetRequest<A>, fetch: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.flatMap(claimOrWait(request, request.maxAge), (claim) => {
    if (claim?.entry === undefined) return send(request, claim, fetch)
    const { value, age } = claim.entry
    return Effect.withFiber((fiber) => {
      const found = request.read(value, age, clockOf(fiber).currentTimeMillisUnsafe())
      if (found !== undefined) return Effect.succeed(found)
      // No entry is young enough for this age, so the claim takes the lock, and the next result replaces the entry.
      return Effect.flatMap(claimOrWait(request, 0), (again) =>
        send(request, again?.entry === undefined ? again : undefined, fetch),
      )
    })
  })

const send = <A, E>(
  request: FleetRequest<A>,
  claim: Exclude<Claim, { readonly entry: object }> | undefined,
  fetch: Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  claim === undefined
    ? fetch
    : Effect.withFiber((fiber) => {
        const clock = clockOf(fiber)
        const lock = lockOf(claim)
        const startedAt = clock.currentTimeMillisUnsafe()
        const released =
          lock === undefined ? fetch : Effect.onError(fetch, () => Effect.sync(() => void lock.release()))
        return Effect.map(released, (result) => {
          void store(request, claim.revision, lock, request.write(result, startedAt, clock.currentTimeMillisUnsafe()))
          return result
        })
      })

const store = async <A>(
  { fleet, key }: FleetRequest<A>,
  revision: string,
  lock: FleetLock | undefined,
  written: Promise<StoredResult | undefined>,
): Promise<void> => {
  const result = await written
  if (result === undefined || result.lifetime < 1) return lock?.release()
  const { text, parties } = result
  const lifetime = Math.min(result.lifetime, longestLifetime)
  return fleet.put(await key(), text, { revision, parties, lifetime, lock })
}
