/** How long the vendor takes, apart from what we do around it. */
import * as Effect from "effect/Effect"
import { addToSpan, spanOf } from "../../internal/telemetry.ts"
import type { Transport } from "../../ports/transport.ts"

/** Times every request through a door for the span of its call; where there is none nobody is told, and nothing is timed. */
export const timedDoor = (door: Transport): Transport => ({
  send: (request) =>
    Effect.withFiber((fiber) => {
      const span = spanOf(fiber)
      if (span === undefined) return door.send(request)
      const since = performance.now()
      return Effect.onExitPrimitive(door.send(request), () => {
        addToSpan(span, "upstream_ms", performance.now() - since)
        return undefined
      })
    }),
})
