/** The functions that a circuit gets from the circuit breaker. */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Failure } from "../../internal/open-circuit.ts"

export type CallFiber = Fiber.Fiber<unknown, unknown>

/** The verdict of an exchange about its origin. `"nothing"`: it was not sent, or its caller gave up early. */
export type Verdict = "answered" | "nothing" | { readonly failure: Failure }

/** The functions of a circuit that send requests, run effects in the background, and report. */
export interface Surroundings {
  /** Sends latchkey's own request to the origin, and judges the result. */
  readonly ask: Effect.Effect<Verdict>
  /** Runs an effect in the background until the transport is closed. */
  readonly fork: (effect: Effect.Effect<void>, context: Context.Context<never>) => void
  /** Reports that the circuit has opened, with the calls that failed and the last failure, or closed (`undefined`). */
  readonly report: (opened: { readonly failures: number; readonly last: Failure } | undefined, fiber: CallFiber) => void
}
