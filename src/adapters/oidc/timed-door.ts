/** How long the vendor takes, apart from what we do around it. */
import * as Effect from "effect/Effect"
import { elapsed, noteMore, timeUpstream, type Write } from "../../ports/telemetry.ts"
import type { Transport } from "../../ports/transport.ts"
import { originOf } from "./origin.ts"

/** Times every request through a door: a metric by origin, and on the span of the call the sum of its requests. */
export const timedDoor =
  (provider: string) =>
  (door: Transport): Transport => {
    const times = new Map<string, Write<ReturnType<typeof elapsed>>>()
    const timeOf = (origin: string) => {
      const known = times.get(origin)
      if (known !== undefined) return known
      const made = timeUpstream({ provider, origin })
      times.set(origin, made)
      return made
    }
    return {
      send: (request) =>
        Effect.withFiber(({ context }) => {
          const since = performance.now()
          return Effect.onExitPrimitive(door.send(request), () => {
            timeOf(originOf(request.url))(elapsed(since), context)
            noteMore(context, "upstream_ms", performance.now() - since)
            return undefined
          })
        }),
    }
  }
