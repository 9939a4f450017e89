/** Token revocation. */
import type * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Engine } from "../engine/engine.ts"
import { unexpected } from "../http/json-response.ts"
import { maxBytes } from "../http/limits.ts"
import { openidClientCall } from "../http/openid-client-call.ts"

/** No hint is sent: on some servers a wrong one makes the call do nothing. */
export const revoke = (engine: Engine, token: string): Effect.Effect<void, Reason> =>
  openidClientCall(engine, {
    operation: "revoke",
    endpoint: "revocationEndpoint",
    maxBytes: maxBytes.token,
    run: (config, client) => client.tokenRevocation(config, token),
    accept: plausible,
  })

/** RFC 7009 gives 200 no meaning but success; a page of HTML, an empty one too, is a proxy's answer and not the server's. */
export const plausible = (answer: TransportResponse): Reason | undefined =>
  answer.body.trimStart().startsWith("<") || /\b(html|xml)\b/i.test(answer.headers["content-type"] ?? "")
    ? unexpected(answer, "an empty body")
    : undefined
