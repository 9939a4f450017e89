/** The ends of sessions that local validation tells a fleet of, and hears of from it. */
import type { EndSessions } from "../../internal/end-sessions.ts"
import { endedSessionOf, requireConfirmed, sharedEndOf } from "../../internal/shared-logout.ts"
import type { Identity } from "../../ports/provider.ts"
import type { EndedSessions } from "./ended-sessions.ts"

/**
 * Records what the other processes report, and returns how this one ends a session.
 *
 * Where the signature alone answers, no cache stands above, so that the fleet hears of the end from here.
 */
export const sharedEnds = (
  { id, fleet, backend, jwt }: Pick<Identity, "id" | "fleet" | "backend" | "jwt">,
  record: EndedSessions,
): EndSessions => {
  const server = backend?.instance
  if (fleet === undefined || server === undefined) return async (ended) => record.end(ended)
  fleet.onEnd((end) => {
    const ended = end === "unknown" || end.server !== server ? undefined : endedSessionOf(end)
    if (ended !== undefined) record.end(ended)
  })
  return async (ended) => {
    record.end(ended)
    if (jwt?.answers === "signature") requireConfirmed(id, await fleet.end({ server, ...sharedEndOf(ended) }))
  }
}
