/** The function with which a logout ends cached answers of a client of latchkey. */
import type { EndedParties } from "../ports/fleet.ts"

/**
 * The member of a client that ends what is cached about a subject or a session, here and in the fleet. A registered
 * symbol, because client and handler may be from two copies of latchkey.
 */
export const endSessionsOf: unique symbol = Symbol.for("latchkey/end-sessions") as typeof endSessionsOf

/** A session, a session of a subject, or every session of a subject. */
export interface EndedSession extends Pick<EndedParties, "subject" | "session"> {
  /** The issuer that reports the end. Default: the server's own. */
  readonly issuer?: string
  /** When it ended, in milliseconds since 1970 by the clock of the issuer. Default: now. Later tokens are not ended. */
  readonly at?: number
}

/** Resolves when the end is in force; rejects with an `AuthError` (`Unavailable`) if a fleet did not confirm it. */
export type EndSessions = (ended: EndedSession) => Promise<void>
