/** A logout as the processes of a fleet report it to each other. */
import { AuthError } from "../ports/errors.ts"
import type { FleetEnd } from "../ports/fleet.ts"
import type { EndedSession } from "./end-sessions.ts"

/** Returns the end of a session for the other processes. */
export const sharedEndOf = ({ issuer, subject, session, at = Date.now() }: EndedSession): Omit<FleetEnd, "server"> => ({
  ...(subject !== undefined && { subject }),
  ...(session !== undefined && { session }),
  logout: { at, ...(issuer !== undefined && { issuer }) },
})

/** Returns the session that another process has ended; `undefined` if no logout ended it. */
export const endedSessionOf = ({ subject, session, logout }: FleetEnd): EndedSession | undefined =>
  logout && {
    ...logout,
    ...(subject !== undefined && { subject }),
    ...(session !== undefined && { session }),
  }

/** Throws an `AuthError` (`Unavailable`) if the fleet did not confirm the end of a session, so that the sender tries again. */
export const requireConfirmed = (provider: string, isConfirmed: boolean): void => {
  if (isConfirmed) return
  const reason = { _tag: "Unavailable", detail: "the fleet did not confirm the end of the session" } as const
  throw new AuthError({ provider, operation: "logout", reason })
}
