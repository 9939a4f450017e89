/** The span of the call in progress. Its attributes never hold a token, a secret or the identity of a user. */
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

type CallFiber = Fiber.Fiber<unknown, unknown>

export const spanPrefix = "latchkey."

/** Returns the span of the call in progress, if there is one. */
export const callSpanOf = ({ cache: { span } }: CallFiber): Tracer.Span | undefined =>
  span?._tag === "Span" && span.name.startsWith(spanPrefix) ? span : undefined

/** Writes an attribute on the span of the call in progress. */
export const annotateSpan = (fiber: CallFiber | undefined, name: string, value: string): void =>
  (fiber && callSpanOf(fiber))?.attribute(spanPrefix + name, value)

/** Adds to a number on a span. */
export const addToSpan = (span: Tracer.Span, name: string, amount: number): void =>
  span.attribute(spanPrefix + name, Number(span.attributes.get(spanPrefix + name) ?? 0) + amount)
