/** What a circuit needs from its surroundings. */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Failure } from "../../internal/open-circuit.ts"

export type CallFiber = Fiber.Fiber<unknown, unknown>

/** What an exchange says about its origin. `"nothing"`: it was refused here, or its caller gave up early. */
export type Verdict = "answered" | "nothing" | { readonly failure: Failure }

/** How a circuit asks its origin, runs in the background and reports. */
export interface Surroundings {
  /** Sends latchkey's own request to the origin, and judges the result. */
  readonly ask: Effect.Effect<Verdict>
  /** Runs an effect in the background until the transport is closed. */
  readonly fork: (effect: Effect.Effect<void>, context: Context.Context<never>) => void
  /** Reports that the circuit has opened, with the calls that failed and the last failure, or closed (`undefined`). */
  readonly report: (opened: { readonly failures: number; readonly last: Failure } | undefined, fiber: CallFiber) => void
}
