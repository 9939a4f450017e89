/** Ends cached introspections when a session ends, and gives a client the members that a logout uses. */
import { type EndSessions, endSessionsOf } from "../../internal/end-sessions.ts"
import { issuerSignatureOf } from "../../internal/issuer-signature.ts"
import type { Cache } from "./introspection-requests.ts"
import type { Layers } from "./layer.ts"

/** Ends what the layers below know of a session, and then the cached answers and the requests in flight. */
export const endingCached =
  ({ store, flights, provider }: Cache, below: EndSessions | undefined): EndSessions =>
  async (ended) => {
    await below?.(ended)
    const isKnown = store.forgetSession(ended)
    flights?.forget()
    const extent = !isKnown ? "unknown" : ended.session === undefined ? "subject" : "session"
    provider.events?.emit({ _tag: "CacheInvalidated", provider: provider.id, operation: "logout", extent })
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
