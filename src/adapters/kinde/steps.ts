/** Several requests that take effect together: all of them, or none, or an error that lists what remains. */
import * as Effect from "effect/Effect"
import { step as timed } from "../../internal/timeout.ts"
import type { Reason } from "../../ports/errors.ts"

export interface Step {
  /** What the step creates or changes. */
  readonly name: string
  readonly perform: Effect.Effect<void, Reason>
  readonly undo: Effect.Effect<void, Reason>
  /** The parts that `undo` cannot revert. */
  readonly permanent?: ReadonlyArray<string>
}

/** The reasons after which it is unknown whether the request took effect. */
const uncertain: ReadonlySet<Reason["_tag"]> = new Set(["Unavailable", "UnexpectedResponse"])

/**
 * Performs steps in order. If a step fails, the completed steps are undone, last first.
 *
 * Fails with the reason of the failed step. If a step could not be undone, fails with `UnexpectedResponse` and a list
 * of what remains. An interruption takes effect only when no change is half done. `timeout` limits each request.
 */
export const allOrNothing = (steps: ReadonlyArray<Step>): Effect.Effect<void, Reason> =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      for (const [index, step] of steps.entries())
        yield* Effect.catch(timed(step.perform), (reason) =>
          undoAll(steps.slice(0, uncertain.has(reason._tag) ? index + 1 : index), step.name, reason),
        )
    }),
  )

const undoAll = (completed: ReadonlyArray<Step>, failed: string, reason: Reason): Effect.Effect<never, Reason> =>
  Effect.gen(function* () {
    const remaining: Array<string> = []
    for (const step of completed.toReversed()) {
      const isUndone = yield* Effect.match(timed(step.undo), { onSuccess: () => true, onFailure: () => false })
      const name = step.name === failed ? `${step.name} (uncertain)` : step.name
      remaining.unshift(...(isUndone ? (step.permanent ?? []) : [name]))
    }
    const withField =
      reason._tag === "InvalidRequest" && reason.field === undefined ? { ...reason, field: failed } : reason
    if (remaining.length === 0) return yield* Effect.fail(withField)
    const changes = remaining.join("; ")
    const detail = `${failed} failed (${reason._tag}), and earlier changes could not be undone; these remain: ${changes}`
    return yield* Effect.fail<Reason>({ _tag: "UnexpectedResponse", detail })
  })
