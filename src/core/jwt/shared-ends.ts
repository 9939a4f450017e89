/** The ends of sessions that local validation reports to a fleet, and receives from it. */
import type { EndSessions } from "../../internal/end-sessions.ts"
import { endedSessionOf, requireConfirmed, sharedEndOf } from "../../internal/shared-logout.ts"
import type { Identity } from "../../ports/provider.ts"
import { type EndedSessions, endedSessions } from "./ended-sessions.ts"

export interface SharedEnds extends Pick<EndedSessions, "hasEnded"> {
  /** Ends a session in the layers below, then in local validation. */
  readonly ending: (below: EndSessions | undefined) => EndSessions
}

/**
 * Makes an empty record of the ends of sessions, and adds the ends that other processes report.
 *
 * Where the signature alone decides, there is no introspection cache, so the fleet learns of an end from here. An
 * issuer with its own key set is another authority: its logouts end no session of the server.
 */
export const sharedEnds = ({
  id,
  fleet,
  backend,
  jwt,
  keySets,
}: Pick<Identity, "id" | "fleet" | "backend" | "jwt" | "keySets">): SharedEnds => {
  const record = endedSessions((issuer) => keySets?.get(String(issuer)))
  const server = backend?.instance
  fleet?.onEnd((end) => {
    const ended = end === "unknown" || end.server !== server ? undefined : endedSessionOf(end)
    if (ended !== undefined) record.end(ended)
  })
  return {
    hasEnded: record.hasEnded,
    ending: (below) => async (ended) => {
      await below?.(ended)
      record.end(ended)
      if (fleet !== undefined && server !== undefined && jwt?.answers === "signature")
        requireConfirmed(id, await fleet.end({ server, ...sharedEndOf(ended) }))
    },
  }
}
