/** Ends in a fleet: those that other processes report, and those that this process reports. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { EndedSession } from "../../internal/end-sessions.ts"
import { requireConfirmed, sharedEndOf } from "../../internal/shared-logout.ts"
import type { FleetEnd } from "../../ports/fleet.ts"
import type { Operation } from "../../ports/provider.ts"
import type { CacheKey } from "./cache-key.ts"
import type { Ended } from "./ended-tokens.ts"
import type { Cache } from "./introspection-parts.ts"
import type { IntrospectionStore } from "./introspection-store.ts"
import type { Grant } from "./store-ends.ts"

/** An end at the server of the client. */
type End = Omit<FleetEnd, "server">

/** Ends the cached answers of an end that another process has reported. `"unknown"`: a report may be missing. */
export const endLocally = ({ store, flights }: Cache, end: FleetEnd | "unknown"): void => {
  const ended: End = end === "unknown" ? {} : end
  if (ended.outdates === true) {
    store.outdateAll()
    return
  }
  const keys = ended.token === undefined ? undefined : [ended.token as CacheKey]
  if (keys !== undefined) store.forgetToken(keys)
  else forgetParties(store, ended)
  flights?.forget(keys)
}

const forgetParties = (store: IntrospectionStore, { subject, clientId, session, grant }: End): void => {
  const names = { ...(subject !== undefined && { subject }), ...(clientId !== undefined && { clientId }) }
  if (grant === true) store.forgetGrantOf({ ...names, isWhole: true })
  else if (session !== undefined) store.forgetSession({ ...names, session })
  else if (subject !== undefined || clientId !== undefined) store.forgetParties(names)
  else store.forgetAll()
}

/**
 * Reports ends to the other processes. If the fleet does not confirm them, the operation succeeds, and an event reports
 * it.
 */
export const endEverywhere = (
  { fleet, provider }: Cache,
  operation: Operation,
  ends: ReadonlyArray<End>,
  fiber: Fiber.Fiber<unknown, unknown>,
): Effect.Effect<void> =>
  fleet === undefined || ends.length === 0
    ? Effect.void
    : Effect.map(fleet.end(ends), (isConfirmed) => {
        if (!isConfirmed) provider.events?.emit({ _tag: "RevocationUnshared", provider: provider.id, operation }, fiber)
      })

/**
 * Returns what a revocation ends: the token in all its spellings, and its grants. Without grants any answer may have
 * ended.
 */
export const endsOfRevocation = (keys: ReadonlyArray<CacheKey>, grants: ReadonlyArray<Grant>): ReadonlyArray<End> => [
  ...keys.map((token) => ({ token })),
  ...grants.map(({ isWhole, ...names }) => ({ ...names, ...(isWhole && { grant: true }) })),
  ...(grants.length === 0 ? [{ outdates: true }] : []),
]

/** Returns what an operation other than a revocation ends. */
export const endsOf = (ended: Ended): ReadonlyArray<End> =>
  ended === "unknown" ? [{ outdates: true }] : [ended, ...(ended.subject === undefined ? [] : [{ outdates: true }])]

/**
 * Ends a session for every process. If its subject is unknown, any answer without a session may belong to it. Rejects
 * with an `AuthError` (`Unavailable`) if the fleet does not confirm the end.
 */
export const endSessionEverywhere = async ({ fleet, provider }: Cache, ended: EndedSession): Promise<void> => {
  if (fleet === undefined) return
  const ends = [sharedEndOf(ended), ...(ended.subject === undefined ? [{ outdates: true }] : [])]
  requireConfirmed(provider.id, await Effect.runPromise(fleet.end(ends)))
}
