/** RP-initiated logout. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import type { EndSession, EndSessionUrl } from "../../../ports/session.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"

export const endSession = (engine: Engine, request: EndSession = {}): Effect.Effect<EndSessionUrl, Reason> => {
  const { idTokenHint, returnTo, state } = request
  const rejection =
    rejectArgument(engine, "session.end.returnTo", returnTo) ?? rejectArgument(engine, "session.end.state", state)
  if (rejection !== undefined) return rejection
  if (state !== undefined && returnTo === undefined)
    return Effect.fail({
      _tag: "InvalidRequest",
      field: "state",
      detail: "requires returnTo, the URL that receives the state",
    })
  return Effect.map(engine.endpoint("endSessionEndpoint", "session.end"), (endpoint) => {
    const url = new URL(endpoint)
    const {
      endSession: { returnTo: returnToName = "post_logout_redirect_uri", clientId = "client_id" } = {},
      ignoresIdTokenHint,
    } = engine.server
    const parameters = {
      // Dropped, not rejected: other vendors require it, and one call has to work with all of them.
      id_token_hint: ignoresIdTokenHint ? undefined : idTokenHint,
      ...(clientId !== null && { [clientId]: engine.settings.clientId }),
      [returnToName]: returnTo,
      state,
    }
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
    return { url: url.href }
  })
}
