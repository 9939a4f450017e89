/** Several calls that should be one: all of them, or none, or a report of exactly what stands. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../ports/errors.ts"

export interface Step {
  /** What stands once it is done. */
  readonly name: string
  readonly perform: Effect.Effect<void, Reason>
  readonly undo: Effect.Effect<void, Reason>
  /** What of it cannot be taken back at all. */
  readonly lasting?: ReadonlyArray<string>
}

/** Failures after which nobody knows whether the vendor did it. */
const uncertain: ReadonlySet<Reason["_tag"]> = new Set(["Unavailable", "UnexpectedResponse"])

/**
 * Performs the steps in order. When one fails, those done are taken back, last first, and the failure is the answer;
 * when one cannot be taken back, the answer says what stands. Interruption waits until nothing is half done.
 */
export const allOrNothing = (steps: ReadonlyArray<Step>): Effect.Effect<void, Reason> =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      for (const [index, step] of steps.entries())
        yield* Effect.catch(step.perform, (reason) =>
          takeBack(steps.slice(0, uncertain.has(reason._tag) ? index + 1 : index), step.name, reason),
        )
    }),
  )

const takeBack = (done: ReadonlyArray<Step>, failed: string, reason: Reason): Effect.Effect<never, Reason> =>
  Effect.gen(function* () {
    const standing: Array<string> = []
    for (const step of done.toReversed()) {
      const undone = yield* Effect.match(step.undo, { onSuccess: () => true, onFailure: () => false })
      const name = step.name === failed ? `${step.name}, perhaps` : step.name
      standing.unshift(...(undone ? (step.lasting ?? []) : [name]))
    }
    const about = reason._tag === "InvalidRequest" && reason.field === undefined ? { ...reason, field: failed } : reason
    if (standing.length === 0) return yield* Effect.fail(about)
    const detail = `${failed} failed (${reason._tag}), and what was done before could not be taken back; this stands: ${standing.join("; ")}`
    return yield* Effect.fail<Reason>({ _tag: "UnexpectedResponse", detail })
  })
