/** How a logout reaches what a client of latchkey has cached. */
import type { EndedParties } from "../ports/fleet.ts"

/** The member of a client that ends what is cached about a subject or a session, here and in the fleet. */
export const endSessionsOf: unique symbol = Symbol("latchkey.endSessions")

/** Resolves when the end is in force; rejects with an `AuthError` (`Unavailable`) if a fleet did not confirm it. */
export type EndSessions = (parties: Pick<EndedParties, "subject" | "session">) => Promise<void>
