/** Metrics for every operation, and a span where a tracer is installed. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { callSpanOf, spanPrefix } from "../../internal/call-span.ts"
import { currentCall } from "../../internal/current-call.ts"
import { noEvents } from "../../internal/log.ts"
import { seriesBy, tenantOf, type Update } from "../../internal/telemetry.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Policy } from "./layer.ts"

/**
 * Records the duration and outcome of every call.
 *
 * The span is named after the operation, such as `latchkey.introspect`. Its attributes hold the provider, the reason of
 * an error, the cache result, the time spent waiting for the vendor and its last response. Without a tracer no span is made.
 */
export const trace: Policy = (provider) => (operation, inner) => ({
  ...inner,
  call: traced(provider, operation, inner.call),
})

const traced = (provider: Identity, operation: Operation, method: AnyMethod): AnyMethod => {
  const { events = noEvents } = provider
  const tenant = tenantOf(provider)
  const seriesOf = seriesBy("latchkey_call_duration", events, { ...tenant, operation }, "outcome")
  const named = Object.entries({ ...tenant, operation }).map(([name, value]) => [spanPrefix + name, value])
  const attributes = Object.fromEntries(named) as Readonly<Record<string, string>>
  const span = { kind: "client", captureStackTrace: false, attributes } as const
  return (...args) => {
    const call = method(...args)
    return Effect.withFiber((fiber) => {
      const { tracer } = fiber.cache
      const hasTracer =
        tracer !== undefined && tracer !== Tracer.nativeTracer && events.telemetry()?.isTracing?.() !== false
      const body = hasTracer ? Effect.withSpan(withReason(call), spanPrefix + operation, span) : call
      return recorded(body, seriesOf, performance.now(), fiber)
    })
  }
}

/** Records the duration and outcome of a call that `fiber` runs. */
const recorded = (
  call: ReturnType<AnyMethod>,
  seriesOf: (outcome: string) => Update,
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
    Effect.tapError(call, ({ reason }) =>
      Effect.sync(() => {
        const current = callSpanOf(fiber)
        current?.attribute(`${spanPrefix}reason`, reason._tag)
        current?.attribute("error.type", reason._tag)
      }),
    ),
  )
