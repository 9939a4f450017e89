/** Requests that no caller waits for. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"

export interface Background {
  /** Whether another request may start. A request that would be too many is not queued: a later caller starts it. */
  readonly hasRoom: () => boolean
  /** Starts a request in a fiber of its own. It outlives the span of its caller, so it has none. */
  readonly start: (request: Effect.Effect<unknown, unknown>, caller?: Fiber.Fiber<unknown, unknown>) => void
}

/** Makes room for `limit` requests at the same time. */
export const makeBackground = (limit: number): Background => {
  let inFlight = 0
  return {
    hasRoom: () => inFlight < limit,
    start: (request, caller) => {
      inFlight += 1
      const context = caller === undefined ? Context.empty() : Context.omit(Tracer.ParentSpan)(caller.context)
      Effect.runForkWith(context)(Effect.exit(request)).addObserver(() => {
        inFlight -= 1
      })
    },
  }
}
