/** The fleet as one provider uses it. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Fleet } from "../../ports/fleet.ts"

type Listener = Parameters<Fleet["onEnd"]>[0]

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
 * A fleet reports the ends of other processes alone. What this provider ends, the other providers of its process therefore
 * hear from it.
 */
export const fleetOfProvider = (fleet: Fleet): Effect.Effect<Fleet, never, Scope.Scope> => {
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
  return Effect.as(closing, { ...fleet, onEnd, end })
}
