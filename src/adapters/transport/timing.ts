/** Measures how long the vendor takes to respond. */
import * as Effect from "effect/Effect"
import { monotonicNow } from "../../internal/real-timers.ts"
import { addToSpan, spanOf } from "../../internal/telemetry.ts"
import type { Transport } from "../../ports/transport.ts"

/** Adds the duration of each request to the span of its call. Without a span nothing is measured. */
export const timedTransport = (transport: Transport): Transport => ({
  send: (request) =>
    Effect.withFiber((fiber) => {
      const span = spanOf(fiber)
      if (span === undefined) return transport.send(request)
      const startedAt = monotonicNow()
      return Effect.onExitPrimitive(transport.send(request), () => {
        addToSpan(span, "upstream_ms", monotonicNow() - startedAt)
        return undefined
      })
    }),
})
