/** Ends cached introspections when a session ends, and gives a client the members that a logout uses. */
import { type EndSessions, endSessionsOf } from "../../internal/end-sessions.ts"
import { issuerSignatureOf } from "../../internal/issuer-signature.ts"
import { endSessionEverywhere } from "./fleet-ends.ts"
import type { Cache } from "./introspection-parts.ts"
import type { Layers } from "./layer.ts"

/** Ends a session in the layers below, then the cached answers and the requests in flight, here and in the fleet. */
export const endingCached =
  (cache: Cache, below: EndSessions | undefined): EndSessions =>
  async (ended) => {
    const { store, flights, provider } = cache
    await below?.(ended)
    const isKnown = store.forgetSession(ended)
    flights?.forget()
    const extent = !isKnown ? "unknown" : ended.session === undefined ? "subject" : "session"
    provider.events?.emit({ _tag: "CacheInvalidated", provider: provider.id, operation: "logout", extent })
    await endSessionEverywhere(cache, ended)
  }

/** Returns a client with the members that a logout uses. They are no part of the API, so symbols name them. */
export const withLogout = <P extends object>(client: P, layers: Layers): P => {
  const { endSessions = async () => undefined, issuerSignature } = layers.get("introspect") ?? {}
  return {
    ...client,
    [endSessionsOf]: endSessions,
    ...(issuerSignature !== undefined && { [issuerSignatureOf]: issuerSignature }),
  }
}
