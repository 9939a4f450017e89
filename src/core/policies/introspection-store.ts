/** The entries of the introspection cache. */
import type * as Clock from "effect/Clock"
import { toMillis } from "../../internal/duration.ts"
import type { EndedSession } from "../../internal/end-sessions.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { CacheOptions } from "../../ports/policies.ts"
import type { Traits } from "../../ports/provider.ts"
import { boundedStore } from "./bounded-store.ts"
import type { CacheKey } from "./cache-key.ts"
import {
  type CachedIntrospection,
  cachedIntrospection,
  isFromFuture,
  isUsable,
  mayRevalidate,
  noteRevalidation,
  stateOf,
} from "./cached-introspection.ts"
import { makeParties, makeRevocations, type Revocations } from "./revocations.ts"
import { revokedSessions } from "./revoked-sessions.ts"
import { type Grant, grantOf, type Outdating, outdating, type PartyEnds, partyEnds } from "./store-ends.ts"

export interface IntrospectionStore extends PartyEnds, Outdating {
  readonly isOn: boolean
  /** How old an answer may be unless a call says otherwise, in milliseconds. */
  readonly maxAge: number
  /** Returns an answer that may be used and is at most this old. */
  readonly find: (key: CacheKey, now: number, maxAge: number) => CachedIntrospection | undefined
  /**
   * Makes an entry and stores it, unless a newer one exists or a revocation has ended it since the request started.
   *
   * @param revocations what `revocations()` returned when the request started
   */
  readonly put: (
    key: CacheKey,
    state: TokenState,
    requestedAt: number,
    revocations: number,
    clock: Clock.Clock,
  ) => CachedIntrospection
  /** Whether the store holds no answer of a token that was requested after this time, in milliseconds since 1970. */
  readonly isNewest: (key: CacheKey, requestedAt: number) => boolean
  /** How old an inactive answer may be, in milliseconds. */
  readonly inactiveMaxAge: number
  /** How many revocations there have been. */
  readonly revocations: () => number
  /** The shortest time between two revalidations of a token, in milliseconds. */
  readonly revalidationInterval: number
  /**
   * Forgets the answers of one token, given in all its spellings, and of its grant. Returns the grants: none if no answer is
   * cached.
   */
  readonly forgetGrant: (keys: ReadonlyArray<CacheKey>) => ReadonlyArray<Grant>
  /** Forgets the answers of one token. */
  readonly forgetToken: (keys: ReadonlyArray<CacheKey>) => void
  /**
   * Forgets the answers of a session, or of a subject, and those of the session's subject that name no session. If the
   * subject of the session is unknown, every answer is outdated. Returns whether the subject is known.
   */
  readonly forgetSession: (ended: EndedSession) => boolean
  /** Forgets every answer. */
  readonly forgetAll: () => void
  /**
   * Whether to introspect a token again: its active answer is outdated, and its last revalidation is long enough ago.
   */
  readonly isDue: (entry: CachedIntrospection, now: number) => boolean
  /** Notes that a token that was due is introspected again. */
  readonly noteRevalidation: (entry: CachedIntrospection, now: number) => void
}

/** Makes a store. Active and inactive tokens have separate limits: a flood of invalid tokens evicts no valid one. */
export const introspectionStore = (
  options: CacheOptions | false,
  { inactiveWhenBroken = false, revocationEnds = "grant" }: Traits = {},
): IntrospectionStore => {
  const { maxAge = "10 seconds", inactiveMaxAge = "2 seconds", entries = 10_000, bytes = 64 << 20 } = options || {}
  const isOn = options !== false
  const inactiveFor = inactiveWhenBroken ? 0 : toMillis(inactiveMaxAge)
  // A shorter interval would more than double the requests; a longer one would delay the effect of a revocation.
  const revalidationInterval = toMillis(maxAge) / 2
  const active = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const inactive = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const storeOf = ({ isActive }: CachedIntrospection) => (isActive ? active : inactive)
  const revoked = makeRevocations()
  const partyOf = makeParties()
  const parties = partyEnds(revoked, partyOf)
  const dated = outdating(revoked)
  const sessions = revokedSessions({ ...revoked, outdateAll: dated.outdateAll }, partyOf)

  const forgetToken = (keys: ReadonlyArray<CacheKey>): void => {
    revoked.endTokens(keys)
    for (const key of keys) {
      active.delete(key)
      inactive.delete(key)
    }
  }

  return {
    isOn,
    maxAge: toMillis(maxAge),
    find: (key, now, maxAge) => {
      const activeEntry = active.get(key)
      if (activeEntry !== undefined)
        return isUsable(activeEntry, now, maxAge) && !revoked.hasEndedParties(activeEntry) ? activeEntry : undefined
      if (inactiveFor === 0) return undefined
      const inactiveEntry = inactive.get(key)
      return inactiveEntry !== undefined && isUsable(inactiveEntry, now, Math.min(maxAge, inactiveFor))
        ? inactiveEntry
        : undefined
    },
    put: (key, state, requestedAt, revocations, clock) => {
      const entry = cachedIntrospection(state, requestedAt, { ...sessions.partiesOf(state), revocations })
      if (!isOn || revoked.hasEndedToken(key, revocations)) return entry
      const existing = active.get(key) ?? inactive.get(key)
      if (existing !== undefined) {
        if (existing.revocations > revocations) return entry
        // An existing entry from the future is older: the clock has moved back since.
        if (existing.requestedAt > entry.requestedAt && !isFromFuture(existing, clock.currentTimeMillisUnsafe()))
          return entry
        entry.revalidatedAt = existing.revalidatedAt
        storeOf(existing).delete(key)
      }
      // Stored even if inactive entries are never used: an older "active" that arrives later must not replace it.
      storeOf(entry).set(key, entry)
      return entry
    },
    revocations: revoked.count,
    isNewest: (key, requestedAt) => isNewest(active.get(key) ?? inactive.get(key), requestedAt),
    inactiveMaxAge: inactiveFor,
    revalidationInterval,
    ...parties,
    ...dated,
    forgetGrant: (keys) => {
      const known = keys.map((key) => active.get(key)).filter((entry) => entry !== undefined)
      forgetToken(keys)
      const grants = known.flatMap((entry) => grantOf(stateOf(entry), revocationEnds))
      for (const grant of grants) parties.forgetGrantOf(grant)
      return grants
    },
    forgetToken,
    forgetAll: () => endAll(revoked, active, inactive),
    forgetSession: sessions.end,
    isDue: (entry, now) =>
      revoked.isOutdated(entry) && entry.isActive && mayRevalidate(entry, now, revalidationInterval),
    noteRevalidation,
  }
}

const isNewest = (existing: CachedIntrospection | undefined, requestedAt: number): boolean =>
  existing === undefined || !isFromFuture(existing, requestedAt)

const endAll = (revoked: Revocations, ...stores: ReadonlyArray<{ readonly clear: () => void }>): void => {
  revoked.endAll()
  for (const store of stores) store.clear()
}
