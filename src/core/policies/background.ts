/** Requests that no caller waits for. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"

/** Starts a request in a fiber of its own, unless too many are in flight. Returns whether it was started. */
export type Background = (
  request: () => Effect.Effect<unknown, unknown>,
  caller?: Fiber.Fiber<unknown, unknown>,
) => boolean

/**
 * Makes a function that starts requests in the background, at most `limit` at a time. A request that would be too many is
 * not queued: a later caller starts it. It outlives the span of its caller, so it has none.
 */
export const background = (limit: number): Background => {
  let inFlight = 0
  return (request, caller) => {
    if (inFlight >= limit) return false
    inFlight += 1
    const context = caller === undefined ? Context.empty() : Context.omit(Tracer.ParentSpan)(caller.context)
    Effect.runForkWith(context)(Effect.exit(Effect.suspend(request))).addObserver(() => {
      inFlight -= 1
    })
    return true
  }
}
