/** Recording of HTTP exchanges. */
import * as Effect from "effect/Effect"
import type { Transport, TransportRequest } from "latchkey/effect"
import type { Exchange } from "./backend.ts"

/** Wraps a transport. Calls `onExchange` after each response. */
export const recording =
  (onExchange: (exchange: Exchange, request: TransportRequest) => void) =>
  (standard: Transport): Transport => ({
    send: (request) =>
      Effect.tap(standard.send(request), ({ status }) =>
        Effect.sync(() => {
          const grantType = new URLSearchParams(request.body).get("grant_type")
          onExchange(
            {
              method: request.method,
              path: new URL(request.url).pathname,
              status,
              ...(grantType !== null && { grantType }),
            },
            request,
          )
        }),
      ),
  })
