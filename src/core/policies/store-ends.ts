/** The ways in which the answers of a store end or become outdated. */
import type { TokenState } from "../../ports/introspection.ts"
import type { Traits } from "../../ports/provider.ts"
import { anyParty, type makeParties, type Revocations } from "./revocations.ts"

/**
 * The tokens of a subject at a client. An absent member stands for tokens without it. With the subject only: at every
 * client.
 */
export interface Grant {
  readonly subject?: string
  readonly clientId?: string
  readonly isWhole: boolean
}

export interface PartyEnds {
  /** Forgets the answers of a grant. */
  readonly forgetGrantOf: (grant: Grant) => void
  /** Forgets the answers of a subject, of a client, or of a subject at a client. */
  readonly forgetParties: (parties: { readonly subject?: string; readonly clientId?: string }) => void
}

export interface Outdating {
  /** Returns this number, or a smaller one for an answer that was requested before all answers became outdated. */
  readonly revocationsAt: (requestedAt: number, revocations: number) => number
  /** How long ago every answer became outdated, in milliseconds. */
  readonly outdatedFor: (now: number) => number
  /** Makes every answer so far outdated: it is used, and it is due. `now`: the time, in milliseconds. */
  readonly outdateAll: (now?: number) => void
}

/** Forgets the answers of parties. */
export const partyEnds = ({ endParties }: Revocations, partyOf: ReturnType<typeof makeParties>): PartyEnds => ({
  forgetGrantOf: ({ subject, clientId, isWhole }) =>
    endParties(partyOf(subject), isWhole ? partyOf(clientId) : anyParty),
  forgetParties: ({ subject, clientId }) =>
    endParties(
      subject === undefined ? anyParty : partyOf(subject),
      clientId === undefined ? anyParty : partyOf(clientId),
    ),
})

/**
 * Records when every answer became outdated, by the clock, because an answer of another process has no count of this
 * process.
 */
export const outdating = (revoked: Revocations): Outdating => {
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

/** Returns the grants that a revocation of this token ends: none if the token names neither a subject nor a client. */
export const grantOf = (state: TokenState, ends: NonNullable<Traits["revocationEnds"]>): ReadonlyArray<Grant> => {
  if (!state.active || (state.subject === undefined && state.clientId === undefined)) return []
  const { subject, clientId } = state
  const isWhole = ends !== "subject" || subject === undefined
  return [
    { ...(subject !== undefined && { subject }), ...(isWhole && clientId !== undefined && { clientId }), isWhole },
  ]
}
