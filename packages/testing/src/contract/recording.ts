/** Writing down what went over the wire. */
import * as Effect from "effect/Effect"
import type { Transport, TransportRequest } from "latchkey/effect"
import type { Exchange } from "./backend.ts"

/** A door that writes down every exchange which got an answer. */
export const recording =
  (note: (exchange: Exchange, request: TransportRequest) => void) =>
  (standard: Transport): Transport => ({
    send: (request) =>
      Effect.tap(standard.send(request), ({ status }) =>
        Effect.sync(() => {
          const grantType = new URLSearchParams(request.body).get("grant_type")
          note(
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
