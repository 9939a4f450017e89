/** A span for every operation where a tracer listens, and metrics always. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import type { AuthError } from "../../ports/errors.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import { note, spanPrefix, timeCalls, type Write } from "../../internal/telemetry.ts"
import { type AnyMethod, overOperations } from "../over-operations.ts"
import { peekOf, withPeek } from "../peek.ts"

/**
 * Watches every operation of a provider.
 *
 * The span is named after the operation (`latchkey.introspect`) and says the provider, the reason of a failure, where the
 * answer came from and how long the vendor took. Without a tracer there is nobody to read it, and none is made.
 */
export const trace = <P extends Identity>(provider: P): P =>
  overOperations(provider, (operation, method) => {
    const peek = peekOf(method)
    const traced = watched(provider.id, operation, method)
    return peek === undefined ? traced : withPeek(traced, peek)
  })

const watched = (provider: string, operation: Operation, method: AnyMethod): AnyMethod => {
  const series = new Map<string, Write<number>>()
  const timed = (outcome: string): Write<number> => {
    const known = series.get(outcome)
    if (known !== undefined) return known
    const made = timeCalls({ provider, operation, outcome })
    series.set(outcome, made)
    return made
  }
  const attributes = { "latchkey.provider": provider, "latchkey.operation": operation }
  const span = { kind: "client", captureStackTrace: false, attributes } as const
  return (...args) => {
    const call = method(...args)
    return Effect.withFiber(({ context, cache: { tracer } }) => {
      const since = performance.now()
      const listens = tracer !== undefined && tracer !== Tracer.nativeTracer
      const body = listens ? Effect.withSpan(reasoned(call), spanPrefix + operation, span) : call
      return Effect.onExitPrimitive(body, (exit) => {
        timed(outcomeOf(exit))(performance.now() - since, context)
        return undefined
      })
    })
  }
}

const outcomeOf = (exit: Exit.Exit<unknown, AuthError>): string => {
  if (Exit.isSuccess(exit)) return "success"
  const failed = exit.cause.reasons.find((each) => each._tag === "Fail")
  return failed?.error.reason._tag ?? (Exit.hasInterrupts(exit) ? "interrupted" : "defect")
}

const reasoned = (call: ReturnType<AnyMethod>): ReturnType<AnyMethod> =>
  Effect.withFiber((fiber) =>
    Effect.tapError(call, ({ reason }) => Effect.sync(() => note(fiber, "reason", reason._tag))),
  )
