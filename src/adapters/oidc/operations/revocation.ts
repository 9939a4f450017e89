/** Token revocation. */
import type * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { unsupportedArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { errorRow } from "../http/error-response.ts"
import { unexpectedResponse } from "../http/json-response.ts"
import { maxBytes } from "../http/limits.ts"
import { openidClientCall } from "../http/openid-client-call.ts"
import type { Server } from "../server.ts"

/** Revokes a token. It sends no `token_type_hint`, because with a wrong hint some servers do nothing. */
export const revoke = (engine: Engine, token: string): Effect.Effect<void, Reason> =>
  unrevokable(engine.server, token) ?? sendRevocation(engine, token)

/** Fails for a token that this server cannot revoke. */
const unrevokable = ({ revokes = "any" }: Server, token: string): Effect.Effect<never, Reason> | undefined => {
  if (revokes === "nothing")
    return unsupportedArgument("revoke", "token", "this server has no revocation: tokens end when they expire")
  return revokes !== "any" && token.startsWith("eyJ")
    ? unsupportedArgument(
        "revoke",
        "token",
        "revoke the refresh token: a JWT access token of this server ends when it expires",
      )
    : undefined
}

const sendRevocation = (engine: Engine, token: string): Effect.Effect<void, Reason> =>
  openidClientCall(engine, {
    operation: "revoke",
    endpoint: "revocationEndpoint",
    maxBytes: maxBytes.token,
    run: (config, client) => client.tokenRevocation(config, token),
    accept: rejectMarkup,
    recover: (response) =>
      errorRow(response, "revoke", engine.server)?.reason === "Done" ? { result: undefined } : undefined,
  })

/**
 * Rejects XML, with any body, even an empty one, and any other markup: such a response comes from a proxy, not from the
 * server. Any other response of status 200 is a success (RFC 7009). A web page is rejected before, for every operation.
 */
export const rejectMarkup = (response: TransportResponse): Reason | undefined =>
  response.body.trimStart().startsWith("<") || /\b(html|xml)\b/i.test(response.headers["content-type"] ?? "")
    ? unexpectedResponse(response, "an empty body")
    : undefined
