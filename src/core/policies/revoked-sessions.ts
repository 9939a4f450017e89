/** The cached answers that end with a session: those that name it, and those of its subject that name no session. */
import type { EndedSession } from "../../internal/end-sessions.ts"
import type { TokenState } from "../../ports/introspection.ts"
import { type BoundedStore, boundedStore } from "./bounded-store.ts"
import { anyParty, noParty, type Party, type Requested, type Revocations } from "./revocations.ts"

export interface RevokedSessions {
  /** Returns the parties of an answer, and remembers the subject of its session. */
  readonly partiesOf: (state: TokenState) => Parties
  /** Ends a session, or every session of a subject. Returns whether the subject of the session is known. */
  readonly end: (ended: EndedSession) => boolean
}

type Parties = Pick<Requested, "subject" | "client" | "session">

const nobody: Parties = { subject: noParty, client: noParty, session: noParty }

const limits = { entries: 10_000, bytes: Number.POSITIVE_INFINITY }

/** Makes the record of the sessions that answers have named. */
export const revokedSessions = (
  revoked: Revocations,
  partyOf: (text: string | undefined) => Party,
): RevokedSessions => {
  const subjects: BoundedStore<Party, { readonly subject: Party; readonly bytes: 0 }> = boundedStore(limits)
  return {
    partiesOf: (state) => {
      if (!state.active) return nobody
      const { sid } = state.claims
      const subject = partyOf(state.subject)
      const session = typeof sid === "string" ? partyOf(sid) : noParty
      if (session !== noParty && subject !== noParty) subjects.set(session, { subject, bytes: 0 })
      return { subject, client: partyOf(state.clientId), session }
    },
    end: (ended) => {
      const session = partyOf(ended.session)
      const subject = ended.subject === undefined ? subjects.get(session)?.subject : partyOf(ended.subject)
      if (ended.session !== undefined) revoked.endSession(session, subject ?? noParty)
      else if (subject !== undefined) revoked.endParties(subject, anyParty)
      // Any answer without `sid` may belong to this session.
      if (subject === undefined) revoked.outdateAll()
      return subject !== undefined
    },
  }
}
