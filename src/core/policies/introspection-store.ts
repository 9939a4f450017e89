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
  mayReask,
  noteReask,
} from "./cached-introspection.ts"
import { anyParty, makeParties, makeRevocations, noParty } from "./revocations.ts"
import { revokedSessions } from "./revoked-sessions.ts"

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
  /** How many revocations there have been. */
  readonly revocations: () => number
  /**
   * Forgets the answers of one token, given in all its spellings, and of its grant. Returns whether the grant was known: if
   * no answer is cached, it is not.
   */
  readonly forgetGrant: (keys: ReadonlyArray<CacheKey>) => boolean
  /** Forgets the answers of one token. */
  readonly forgetToken: (keys: ReadonlyArray<CacheKey>) => void
  /** Forgets the answers of a subject, of a client, or of a subject at a client. */
  readonly forgetParties: (parties: { readonly subject?: string; readonly clientId?: string }) => void
  /**
   * Forgets the answers of a session, or of a subject, and those of the session's subject that name no session. If nothing
   * tells whose the session is, every answer is outdated. Returns whether it is known.
   */
  readonly forgetSession: (ended: EndedSession) => boolean
  /** Makes every answer so far outdated: it is used, and it is due. */
  readonly outdateAll: () => void
  /** Whether to ask about a token again: its active answer is outdated, and it has not been asked about again lately. */
  readonly isDue: (entry: CachedIntrospection, now: number) => boolean
  /** Notes that a token that was due has been asked about. */
  readonly noteReask: (entry: CachedIntrospection, now: number) => void
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
  const sessions = revokedSessions(revoked, partyOf)

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
        entry.reaskedAt = existing.reaskedAt
        storeOf(existing).delete(key)
      }
      // Stored even if inactive entries are never used: an older "active" that arrives later must not replace it.
      storeOf(entry).set(key, entry)
      return entry
    },
    revocations: revoked.count,
    forgetGrant: (keys) => {
      const known = keys.map((key) => active.get(key)).filter((entry) => entry !== undefined)
      forgetToken(keys)
      let isKnown = false
      for (const { subject, client } of known) {
        const end = revocationEnds === "subject" && subject !== noParty ? anyParty : client
        if (subject === noParty && client === noParty) continue
        revoked.endParties(subject, end)
        isKnown = true
      }
      return isKnown
    },
    forgetToken,
    forgetParties: ({ subject, clientId }) =>
      revoked.endParties(
        subject === undefined ? anyParty : partyOf(subject),
        clientId === undefined ? anyParty : partyOf(clientId),
      ),
    forgetSession: sessions.end,
    outdateAll: revoked.outdateAll,
    isDue: (entry, now) => revoked.isOutdated(entry) && entry.isActive && mayReask(entry, now, reaskInterval),
    noteReask,
  }
}
