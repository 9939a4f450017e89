/** The fleet as one provider uses it. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Fleet } from "../../ports/fleet.ts"

type Listener = Parameters<Fleet["onEnd"]>[0]

/**
 * The format of the values that a provider stores. Raise it when a text changes that an older version would misread: then
 * processes of both versions share ends and proofs, and no values and locks.
 */
const valueFormat = 1

/** Gives each key the format of its value. */
const withFormat = (fleet: Fleet, format: number): Pick<Fleet, "find" | "claim" | "put" | "get" | "set" | "lock"> => {
  const keyOf = (key: string): string => `${format}\n${key}`
  return {
    find: (key) => fleet.find(keyOf(key)),
    claim: (key, options) => fleet.claim(keyOf(key), options),
    put: (key, value, options) => fleet.put(keyOf(key), value, options),
    get: (key) => fleet.get(keyOf(key)),
    set: (key, value, lifetime) => fleet.set(keyOf(key), value, lifetime),
    lock: (key, lifetime) => fleet.lock(keyOf(key), lifetime),
  }
}

/** The listeners of all providers of this process that use a fleet. */
const listening = new WeakMap<Fleet, Set<Listener>>()

const listenersOf = (fleet: Fleet): Set<Listener> => {
  const known = listening.get(fleet) ?? new Set()
  listening.set(fleet, known)
  return known
}

/**
 * Returns a fleet whose listeners of this provider end with its scope.
 *
 * A fleet reports only the ends of other processes. A provider therefore reports its ends to the other providers of its
 * process itself.
 *
 * @param format the format of the values that this provider reads and writes
 */
export const fleetOfProvider = (fleet: Fleet, format = valueFormat): Effect.Effect<Fleet, never, Scope.Scope> => {
  const all = listenersOf(fleet)
  const own = new Map<Listener, () => void>()
  const forget = (listener: Listener): void => {
    own.get(listener)?.()
    own.delete(listener)
    all.delete(listener)
  }
  const onEnd: Fleet["onEnd"] = (listener) => {
    own.set(listener, fleet.onEnd(listener))
    all.add(listener)
    return () => forget(listener)
  }
  const end: Fleet["end"] = async (...ends) => {
    const isConfirmed = await fleet.end(...ends)
    // The listeners are called afterwards, because until then the fleet may still return an answer that has ended.
    for (const listener of all) if (!own.has(listener)) for (const each of ends) listener(each)
    return isConfirmed
  }
  const closing = Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const listener of own.keys()) forget(listener)
    }),
  )
  return Effect.as(closing, { ...fleet, ...withFormat(fleet, format), onEnd, end })
}
