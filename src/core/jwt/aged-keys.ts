/** Key sets that another process may have requested. */
import * as Effect from "effect/Effect"
import type { AuthError } from "../../ports/errors.ts"
import type { ServerKeys } from "../../ports/metadata.ts"

/** A key set, and how old it was when it was fetched: another process may have requested it. In milliseconds. */
export interface AgedKeys {
  readonly keys: ServerKeys
  readonly age: number
}

/**
 * Gets a key set that is at most `maxAge` old from another process, or with `fetch`. In milliseconds.
 *
 * @param isAwaited whether a token waits for it
 */
export type ShareKeys = (
  fetch: Effect.Effect<ServerKeys, AuthError>,
  options: { readonly maxAge: number; readonly isAwaited: boolean },
) => Effect.Effect<AgedKeys, AuthError>

/** For a process that shares no key sets. */
export const alone: ShareKeys = (fetch) => Effect.map(fetch, (keys) => ({ keys, age: 0 }))
