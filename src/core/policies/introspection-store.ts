/** The entries of the introspection cache. */
import type * as Clock from "effect/Clock"
import { toMillis } from "../../internal/duration.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { CacheOptions } from "../../ports/policies.ts"
import { boundedStore } from "./bounded-store.ts"
import type { CacheKey } from "./cache-key.ts"
import { type CachedIntrospection, cachedIntrospection, isFromFuture, isUsable } from "./cached-introspection.ts"

export interface IntrospectionStore {
  /** How old an answer may be unless a call says otherwise, in milliseconds. */
  readonly maxAge: number
  /** Returns an answer that may be used and is at most this old. */
  readonly find: (key: CacheKey, now: number, maxAge: number) => CachedIntrospection | undefined
  /**
   * Makes an entry and stores it, unless a newer one exists or the store was cleared since the request started.
   *
   * @param generation what `generation()` returned when the request started
   */
  readonly put: (
    key: CacheKey,
    state: TokenState,
    requestedAt: number,
    generation: number,
    clock: Clock.Clock,
  ) => CachedIntrospection
  /** How often the store has been cleared. */
  readonly generation: () => number
  readonly clear: () => void
}

/** Makes a store. Active and inactive tokens have separate limits: a flood of invalid tokens evicts no valid one. */
export const introspectionStore = (options: CacheOptions | false, inactiveWhenBroken: boolean): IntrospectionStore => {
  const { maxAge = "10 seconds", inactiveMaxAge = "2 seconds", entries = 10_000, bytes = 64 << 20 } = options || {}
  const isOn = options !== false
  const inactiveFor = inactiveWhenBroken ? 0 : toMillis(inactiveMaxAge)
  const active = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const inactive = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const storeOf = ({ isActive }: CachedIntrospection) => (isActive ? active : inactive)
  let generation = 0

  return {
    maxAge: toMillis(maxAge),
    find: (key, now, maxAge) => {
      const activeEntry = active.get(key)
      if (activeEntry !== undefined) return isUsable(activeEntry, now, maxAge) ? activeEntry : undefined
      if (inactiveFor === 0) return undefined
      const inactiveEntry = inactive.get(key)
      return inactiveEntry !== undefined && isUsable(inactiveEntry, now, Math.min(maxAge, inactiveFor))
        ? inactiveEntry
        : undefined
    },
    put: (key, state, requestedAt, requestGeneration, clock) => {
      const entry = cachedIntrospection(state, requestedAt)
      if (!isOn || requestGeneration !== generation) return entry
      const existing = active.get(key) ?? inactive.get(key)
      if (existing !== undefined) {
        // An existing entry from the future is older: the clock has moved back since.
        if (existing.requestedAt > entry.requestedAt && !isFromFuture(existing, clock.currentTimeMillisUnsafe()))
          return entry
        storeOf(existing).delete(key)
      }
      // Stored even if inactive entries are never used: an older "active" that arrives later must not replace it.
      storeOf(entry).set(key, entry)
      return entry
    },
    generation: () => generation,
    clear: () => {
      generation += 1
      active.clear()
      inactive.clear()
    },
  }
}
