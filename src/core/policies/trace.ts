/** Metrics for every operation, and a span where a tracer is installed. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { currentCall } from "../../internal/current-call.ts"
import { annotateSpan, recordCall, spanPrefix, type Update } from "../../internal/telemetry.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Policy } from "./layer.ts"

/**
 * Records the duration and outcome of every call.
 *
 * The span is named after the operation, such as `latchkey.introspect`. Its attributes hold the provider, the reason of
 * an error, the cache result and the time spent waiting for the vendor. Without a tracer no span is made.
 */
export const trace: Policy = (provider) => (operation, inner) => ({
  ...inner,
  call: traced(provider.id, operation, inner.call),
})

const traced = (provider: string, operation: Operation, method: AnyMethod): AnyMethod => {
  const series = new Map<string, Update<number>>()
  const seriesOf = (outcome: string): Update<number> => {
    const existing = series.get(outcome)
    if (existing !== undefined) return existing
    const created = recordCall({ provider, operation, outcome })
    series.set(outcome, created)
    return created
  }
  const attributes = { "latchkey.provider": provider, "latchkey.operation": operation }
  const span = { kind: "client", captureStackTrace: false, attributes } as const
  return (...args) => {
    const call = method(...args)
    return Effect.withFiber((fiber) => {
      const { tracer } = fiber.cache
      const hasTracer = tracer !== undefined && tracer !== Tracer.nativeTracer
      const body = hasTracer ? Effect.withSpan(withReason(call), spanPrefix + operation, span) : call
      return recorded(body, seriesOf, performance.now(), fiber)
    })
  }
}

/** Records the duration and outcome of a call that `fiber` runs. */
const recorded = (
  call: ReturnType<AnyMethod>,
  seriesOf: (outcome: string) => Update<number>,
  startedAt: number,
  fiber: Fiber.Fiber<unknown, unknown>,
): ReturnType<AnyMethod> => {
  const { context } = fiber
  return Effect.onExitPrimitive(call, (exit) => {
    const current = Exit.hasInterrupts(exit) ? currentCall(fiber) : undefined
    // The call goes on in another fiber: see `call-limits.ts`.
    if (current?.fiber === fiber && current.overtime !== undefined)
      current.overtime = recorded(current.overtime, seriesOf, startedAt, fiber)
    else seriesOf(outcomeOf(exit))(performance.now() - startedAt, context)
    return undefined
  })
}

const outcomeOf = (exit: Exit.Exit<unknown, AuthError>): string => {
  if (Exit.isSuccess(exit)) return "success"
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return failure?.error.reason._tag ?? (Exit.hasInterrupts(exit) ? "interrupted" : "defect")
}

/** Writes the reason of an error on the span. */
const withReason = (call: ReturnType<AnyMethod>): ReturnType<AnyMethod> =>
  Effect.withFiber((fiber) =>
    Effect.tapError(call, ({ reason }) => Effect.sync(() => annotateSpan(fiber, "reason", reason._tag))),
  )
