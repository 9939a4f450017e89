/** The keys of the issuers of one server. */
import * as Effect from "effect/Effect"
import { withAddress } from "../../internal/current-call.ts"
import { causeOf } from "../../internal/log.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Events } from "../../ports/log.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import type { Identity } from "../../ports/provider.ts"
import { emptyKeySet, type KeysOptions, makeKeys } from "./keys.ts"
import type { KeysOf } from "./local-validation.ts"

export type FetchKeys = () => Effect.Effect<ServerKeys, AuthError>

/** Makes the keys of the server, and of each issuer that has a key set of its own. */
export const keysByIssuer = (
  id: string,
  fetchKeys: FetchKeys,
  keySets: Identity["keySets"],
  events: Events,
  options: KeysOptions,
): KeysOf => {
  const keysFrom = (source: FetchKeys) => makeKeys(id, logged(id, Effect.suspend(source), events), options)
  const own = keysFrom(fetchKeys)
  if (keySets === undefined) return () => own
  const byIssuer = new Map(Array.from(keySets, ([issuer, source]) => [issuer, keysFrom(source)] as const))
  return (issuer) => byIssuer.get(String(issuer)) ?? own
}

/** Logs each request for the key set. A server without one has no keys to refresh. */
const logged = (provider: string, fetch: Effect.Effect<ServerKeys, AuthError>, events: Events) =>
  withAddress((address) =>
    Effect.withFiber((fiber) => {
      const unavailable = (error: Pick<AuthError, "reason" | "url">) =>
        events.emit({ _tag: "KeysUnavailable", provider, ...causeOf(error) }, fiber)
      return Effect.mapBoth(fetch, {
        onSuccess: (set: ServerKeys) => {
          const keys = set.keys.length
          if (keys > 0) events.emit({ _tag: "KeysRefreshed", provider, keys }, fiber)
          else unavailable({ reason: emptyKeySet, ...address() })
          return set
        },
        onFailure: (error: AuthError) => {
          if (error.reason._tag !== "UnsupportedOperation") unavailable(error)
          return error
        },
      })
    }),
  )
