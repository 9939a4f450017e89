/** What can be watched: metrics, and what spans say. No token, no secret and no identity of a user is ever in either. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import type * as Tracer from "effect/Tracer"
import type { TokenCheck } from "../ports/errors.ts"

/** Writes to one series; the registry is the one of the context, or that of the process. */
export type Write<Input> = (input: Input, context?: Context.Context<never>) => void

/** Whose call it is; of a call outside any fiber there is nobody to tell. */
type Caller = Fiber.Fiber<unknown, unknown>

type Attributes = Readonly<Record<string, string>>

/**
 * Makes what makes the series of a metric. Each has its attributes from the beginning: a metric that is given them later
 * puts them into a new context at every update, which costs more than all the rest of what is done about a call.
 */
const seriesOf =
  <Input, State>(metric: (attributes: Attributes) => Metric.Metric<Input, State>) =>
  (attributes: Attributes): Write<Input> => {
    const series = metric(attributes)
    return (input, context = process) => series.updateUnsafe(input, context)
  }

/** Calls made outside any fiber. */
const process = Context.empty()

const counter = (name: string, description: string) => (attributes: Attributes) =>
  Metric.counter(name, { description, attributes, incremental: true })

const gauge = (name: string, description: string) => (attributes: Attributes) =>
  Metric.gauge(name, { description, attributes })

/** In milliseconds: from half of one on, each twice the one before. */
const boundaries = Metric.exponentialBoundaries({ start: 0.5, factor: 2, count: 20 })

const timer = (name: string, description: string) => (attributes: Attributes) =>
  Metric.histogram(name, { description, boundaries, attributes: { ...attributes, time_unit: "milliseconds" } })

/**
 * How long calls took, in milliseconds, and with that how many there were, by `provider`, `operation` and `outcome`:
 * `success`, `interrupted` or the reason of the error.
 */
export const timeCalls = seriesOf(timer("latchkey_call_duration", "Calls ended, and how long they took"))

const countAnswers = seriesOf(
  counter(
    "latchkey_introspections_total",
    "Introspections, by what memory had: hit, miss, stale (after a miss) or live, which did not ask it",
  ),
)

/** Says of one provider's introspections where the answer came from: counts it, and notes it on the span. */
export const answersOf = (provider: string) => {
  const counts = {
    hit: countAnswers({ provider, from: "hit" }),
    miss: countAnswers({ provider, from: "miss" }),
    stale: countAnswers({ provider, from: "stale" }),
    live: countAnswers({ provider, from: "live" }),
  }
  return (from: keyof typeof counts, caller?: Caller): void => {
    counts[from](1, caller?.context)
    note(caller, "cache", from)
  }
}

const rejections = seriesOf(counter("latchkey_rejections_total", "Tokens that failed a check made here"))

/** Counts a token that failed a check made here. */
export const countRejection = (provider: string, check: TokenCheck, caller?: Caller): void =>
  rejections({ provider, check })(1, caller?.context)

/** Says which check made here a token failed: never in the answer, where it would tell an attacker what to mend. */
export const rejection = (provider: string, check: TokenCheck): Effect.Effect<void> =>
  Effect.withFiber((caller) => {
    countRejection(provider, check, caller)
    note(caller, "check", check)
    return Effect.void
  })

/** Whether an origin is being left alone, by `provider` and `origin`: 1 or 0. */
export const gaugeBreaker = seriesOf(gauge("latchkey_breaker_open", "Origins left alone"))

/** Which of two configured client secrets works, by `provider`: 0 the first, 1 the second. */
export const gaugeSecret = seriesOf(gauge("latchkey_client_secret_in_use", "Which secret works"))

export const spanPrefix = "latchkey."

/** The span of the call under way, where there is one. */
export const spanOf = ({ cache: { span } }: Caller): Tracer.Span | undefined =>
  span?._tag === "Span" && span.name.startsWith(spanPrefix) ? span : undefined

/** Says something on the span of the call under way. */
export const note = (caller: Caller | undefined, name: string, value: string): void =>
  (caller && spanOf(caller))?.attribute(spanPrefix + name, value)

/** Adds to a number on a span. */
export const addToSpan = (span: Tracer.Span, name: string, more: number): void =>
  span.attribute(spanPrefix + name, Number(span.attributes.get(spanPrefix + name) ?? 0) + more)
