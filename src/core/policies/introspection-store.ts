/** What the vendor said of tokens, remembered within bounds. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type { TokenState } from "../../ports/introspection.ts"
import type { CacheOptions } from "../../ports/policies.ts"
import { boundedStore } from "./bounded-store.ts"
import { type Fact, factOf, isAhead, serves } from "./cached-introspection.ts"
import type { FactKey } from "./cache-key.ts"

export interface FactStore {
  /** How old an answer may be where a call does not say, in milliseconds. */
  readonly maxAge: number
  /** An answer that may still serve, at most this old. */
  readonly find: (key: FactKey, now: number, maxAge: number) => Fact | undefined
  /** Notes an answer that was asked for at a time; it is kept unless a younger one, or an end of tokens, has come since. */
  readonly keep: (key: FactKey, state: TokenState, at: number, since: number, clock: Clock.Clock) => Fact
  /** Which end of tokens was the latest; `keep` compares it. */
  readonly ends: () => number
  /** Forgets everything: some tokens have ended. */
  readonly end: () => void
}

const millis = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

/** Makes a store. Good tokens and others have room of their own, so that a flood of the others drives out none. */
export const factStore = (options: CacheOptions | false, inactiveWhenBroken: boolean): FactStore => {
  const { maxAge = "10 seconds", inactiveMaxAge = "2 seconds", entries = 10_000, bytes = 64 << 20 } = options || {}
  const keeps = options !== false
  const inactiveFor = inactiveWhenBroken ? 0 : millis(inactiveMaxAge)
  const active = boundedStore<FactKey, Fact>({ entries, bytes })
  const inactive = boundedStore<FactKey, Fact>({ entries, bytes })
  const roomOf = ({ isActive }: Fact) => (isActive ? active : inactive)
  let ends = 0

  return {
    maxAge: millis(maxAge),
    find: (key, now, maxAge) => {
      const good = active.get(key)
      if (good !== undefined) return serves(good, now, maxAge) ? good : undefined
      const bad = inactive.get(key)
      const serving = inactiveFor > 0 && bad !== undefined && serves(bad, now, Math.min(maxAge, inactiveFor))
      return serving ? bad : undefined
    },
    keep: (key, state, at, since, clock) => {
      const fact = factOf(state, at)
      if (!keeps || since !== ends) return fact
      const known = active.get(key) ?? inactive.get(key)
      if (known !== undefined) {
        // One from after now is older than that: the clock was set back since.
        if (known.at > fact.at && !isAhead(known, clock.currentTimeMillisUnsafe())) return fact
        roomOf(known).delete(key)
      }
      // Also where "inactive" never serves: an older answer that comes later must not be taken for the last word.
      roomOf(fact).set(key, fact)
      return fact
    },
    ends: () => ends,
    end: () => {
      ends += 1
      active.clear()
      inactive.clear()
    },
  }
}
