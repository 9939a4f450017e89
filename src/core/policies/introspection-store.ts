/** The entries of the introspection cache. */
import type * as Clock from "effect/Clock"
import { toMillis } from "../../internal/duration.ts"
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
  mayReask,
  noteReask,
  stateOf,
} from "./cached-introspection.ts"
import { anyParty, makeParties, makeRevocations, noParty, type Revocations } from "./revocations.ts"

export interface IntrospectionStore {
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
  /** Returns this number, or a smaller one for an answer that was requested before all answers became outdated. */
  readonly revocationsAt: (requestedAt: number, revocations: number) => number
  /** How long ago every answer became outdated, in milliseconds. */
  readonly outdatedFor: (now: number) => number
  /** How often a token is asked about again at most, in milliseconds. */
  readonly reaskInterval: number
  /**
   * Forgets the answers of one token, given in all its spellings, and of its grant. Returns the grants: none if no answer is
   * cached.
   */
  readonly forgetGrant: (keys: ReadonlyArray<CacheKey>) => ReadonlyArray<Grant>
  /** Forgets the answers of a grant. */
  readonly forgetGrantOf: (grant: Grant) => void
  /** Forgets the answers of one token. */
  readonly forgetToken: (keys: ReadonlyArray<CacheKey>) => void
  /** Forgets the answers of a subject, of a client, or of a subject at a client. */
  readonly forgetParties: (parties: { readonly subject?: string; readonly clientId?: string }) => void
  /** Forgets every answer. */
  readonly forgetAll: () => void
  /** Makes every answer so far outdated: it is used, and it is due. `now`: the time, in milliseconds. */
  readonly outdateAll: (now?: number) => void
  /** Whether to ask about a token again: its active answer is outdated, and it has not been asked about again lately. */
  readonly isDue: (entry: CachedIntrospection, now: number) => boolean
  /** Notes that a token that was due has been asked about. */
  readonly noteReask: (entry: CachedIntrospection, now: number) => void
}

/** The tokens of a subject at a client; of tokens without one of them, it is absent. Only a subject: at every client. */
export interface Grant {
  readonly subject?: string
  readonly clientId?: string
  readonly isWhole: boolean
}

/** Makes a store. Active and inactive tokens have separate limits: a flood of invalid tokens evicts no valid one. */
export const introspectionStore = (
  options: CacheOptions | false,
  { inactiveWhenBroken = false, revocationEnds = "grant" }: Traits = {},
): IntrospectionStore => {
  const { maxAge = "10 seconds", inactiveMaxAge = "2 seconds", entries = 10_000, bytes = 64 << 20 } = options || {}
  const isOn = options !== false
  const inactiveFor = inactiveWhenBroken ? 0 : toMillis(inactiveMaxAge)
  // Often enough for a revocation to be seen early, and rarely enough to double the requests at most.
  const reaskInterval = toMillis(maxAge) / 2
  const active = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const inactive = boundedStore<CacheKey, CachedIntrospection>({ entries, bytes })
  const storeOf = ({ isActive }: CachedIntrospection) => (isActive ? active : inactive)
  const revoked = makeRevocations()
  const partyOf = makeParties()
  const parties = partyEnds(revoked, partyOf)

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
      const subject = state.active ? partyOf(state.subject) : noParty
      const client = state.active ? partyOf(state.clientId) : noParty
      const entry = cachedIntrospection(state, requestedAt, { subject, client, revocations })
      if (!isOn || revoked.hasEndedToken(key, revocations)) return entry
      const existing = active.get(key) ?? inactive.get(key)
      if (existing !== undefined) {
        if (existing.revocations > revocations) return entry
        // An existing entry from the future is older: the clock has moved back since.
        if (existing.requestedAt > entry.requestedAt && !isFromFuture(existing, clock.currentTimeMillisUnsafe()))
          return entry
        entry.reaskedAt = existing.reaskedAt
        storeOf(existing).delete(key)
      }
      // Stored even if inactive entries are never used: an older "active" that arrives later must not replace it.
      storeOf(entry).set(key, entry)
      return entry
    },
    revocations: revoked.count,
    isNewest: (key, requestedAt) => {
      const existing = active.get(key) ?? inactive.get(key)
      return existing === undefined || !isFromFuture(existing, requestedAt)
    },
    inactiveMaxAge: inactiveFor,
    reaskInterval,
    ...parties,
    ...outdating(revoked),
    forgetGrant: (keys) => {
      const known = keys.map((key) => active.get(key)).filter((entry) => entry !== undefined)
      forgetToken(keys)
      const grants = known.flatMap((entry) => grantOf(stateOf(entry), revocationEnds))
      for (const grant of grants) parties.forgetGrantOf(grant)
      return grants
    },
    forgetToken,
    forgetAll: () => {
      revoked.endAll()
      active.clear()
      inactive.clear()
    },
    isDue: (entry, now) => revoked.isOutdated(entry) && entry.isActive && mayReask(entry, now, reaskInterval),
    noteReask,
  }
}

const partyEnds = (
  { endParties }: Revocations,
  partyOf: ReturnType<typeof makeParties>,
): Pick<IntrospectionStore, "forgetGrantOf" | "forgetParties"> => ({
  forgetGrantOf: ({ subject, clientId, isWhole }) =>
    endParties(partyOf(subject), isWhole ? partyOf(clientId) : anyParty),
  forgetParties: ({ subject, clientId }) =>
    endParties(
      subject === undefined ? anyParty : partyOf(subject),
      clientId === undefined ? anyParty : partyOf(clientId),
    ),
})

/** When every answer became outdated, by the clock: an answer of another process has no count of this one. */
const outdating = (revoked: Revocations): Pick<IntrospectionStore, "outdateAll" | "outdatedFor" | "revocationsAt"> => {
  let outdatedAt = Number.NEGATIVE_INFINITY
  return {
    outdateAll: (now = Date.now()) => {
      outdatedAt = now
      revoked.outdateAll()
    },
    outdatedFor: (now) => now - outdatedAt,
    revocationsAt: (requestedAt, revocations) =>
      requestedAt > outdatedAt ? revocations : Math.min(revocations, revoked.beforeOutdating()),
  }
}

/** What a revocation of this token ends: nothing that is known if it names neither a subject nor a client. */
const grantOf = (state: TokenState, ends: NonNullable<Traits["revocationEnds"]>): ReadonlyArray<Grant> => {
  if (!state.active || (state.subject === undefined && state.clientId === undefined)) return []
  const { subject, clientId } = state
  const isWhole = ends !== "subject" || subject === undefined
  return [
    { ...(subject !== undefined && { subject }), ...(isWhole && clientId !== undefined && { clientId }), isWhole },
  ]
}
