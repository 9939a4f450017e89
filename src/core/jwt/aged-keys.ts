/** Key sets that another process may have requested. */
import * as Effect from "effect/Effect"
import type { AuthError } from "../../ports/errors.ts"
import type { ServerKeys } from "../../ports/metadata.ts"

/** A key set, and its age when it was fetched, in milliseconds: another process may have requested it. */
export interface AgedKeys {
  readonly keys: ServerKeys
  readonly age: number
}

/**
 * Gets a key set of another process that is at most `maxAge` milliseconds old, or fetches one.
 *
 * @param isAwaited whether a token waits for it
 */
export type ShareKeys = (
  fetch: Effect.Effect<ServerKeys, AuthError>,
  options: { readonly maxAge: number; readonly isAwaited: boolean },
) => Effect.Effect<AgedKeys, AuthError>

/** For a process that shares no key sets. */
export const alone: ShareKeys = (fetch) => Effect.map(fetch, (keys) => ({ keys, age: 0 }))
