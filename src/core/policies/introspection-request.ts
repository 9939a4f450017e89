/** One introspection request, and where its result is stored. */
import type * as Clock from "effect/Clock"
import type { TokenState } from "../../ports/introspection.ts"
import type { CacheKey } from "./cache-key.ts"
import { stateOf } from "./cached-introspection.ts"
import type { Share } from "./fleet-tier.ts"
import type { Cache } from "./introspection-parts.ts"
import { withSharedText } from "./shared-state.ts"
import type { SharedRequest } from "./single-flight.ts"

/** A class, as a flight is (decision 0017). */
export class IntrospectionRequest implements SharedRequest<TokenState> {
  readonly startedAt: number
  readonly notBefore: number
  readonly maxAge: number
  readonly share: Share = {}
  readonly #cache: Cache
  readonly #key: CacheKey
  readonly #clock: Clock.Clock
  readonly #revocations: number

  /** `maxAge`: how old an answer may be. */
  constructor(cache: Cache, key: CacheKey, clock: Clock.Clock, startedAt: number, maxAge: number) {
    this.startedAt = startedAt
    this.notBefore = startedAt - maxAge
    // Only an answer of another process can be older than the request.
    this.maxAge = cache.fleet === undefined ? 0 : maxAge
    this.#cache = cache
    this.#key = key
    this.#clock = clock
    this.#revocations = cache.store.revocations()
  }

  /** Stores the result. The waiters receive the stored one. */
  complete(state: TokenState, hasWaiters: boolean): TokenState {
    const { store, fleet } = this.#cache
    const { found } = this.share
    if (found !== undefined) {
      const revocations = store.revocationsAt(found.requestedAt, this.#revocations)
      const own = withSharedText(state, found.text)
      const entry = store.put(this.#key, own, found.requestedAt, revocations, this.#clock)
      return hasWaiters ? stateOf(entry) : state
    }
    const entry = store.put(this.#key, state, this.startedAt, this.#revocations, this.#clock)
    fleet?.store(this.#key, state, this.share, this.#lifetimeOf(state))
    return hasWaiters ? stateOf(entry) : state
  }

  /** How long the fleet keeps a result, in milliseconds. */
  #lifetimeOf(state: TokenState): number {
    const { store, staleFor = 0 } = this.#cache
    if (!store.isOn) return 0
    if (!state.active) return store.inactiveMaxAge
    const left = (state.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - this.#clock.currentTimeMillisUnsafe()
    return Math.min(Math.max(store.maxAge, staleFor), left)
  }
}
