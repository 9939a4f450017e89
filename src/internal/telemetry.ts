/** Metrics and span attributes. They never hold a token, a secret or the identity of a user. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import type * as Tracer from "effect/Tracer"
import type { TokenCheck } from "../ports/errors.ts"
import type { Events } from "../ports/log.ts"

/** Updates one series of a metric, in the metric registry of the context or of the process. */
export type Update<Input> = (input: Input, context?: Context.Context<never>) => void

/** The fiber of a call; absent for a result that the Promise API returns without a fiber. */
type CallFiber = Fiber.Fiber<unknown, unknown>

type Attributes = Readonly<Record<string, string>>

/**
 * Returns a function that makes the series of a metric. A series gets its attributes when it is made: attributes given
 * with an update create a new context each time, which costs more than the rest of the telemetry of a call.
 */
const seriesOf =
  <Input, State>(metric: (attributes: Attributes) => Metric.Metric<Input, State>) =>
  (attributes: Attributes): Update<Input> => {
    const series = metric(attributes)
    return (input, context = processContext) => series.updateUnsafe(input, context)
  }

/** Selects the metric registry of the process. */
const processContext = Context.empty()

const counter = (name: string, description: string) => (attributes: Attributes) =>
  Metric.counter(name, { description, attributes, incremental: true })

const gauge = (name: string, description: string) => (attributes: Attributes) =>
  Metric.gauge(name, { description, attributes })

/** The upper limits of the histogram buckets in milliseconds: 0.5, 1, 2, 4, ... */
const boundaries = Metric.exponentialBoundaries({ start: 0.5, factor: 2, count: 20 })

const timer = (name: string, description: string) => (attributes: Attributes) =>
  Metric.histogram(name, { description, boundaries, attributes: { ...attributes, time_unit: "milliseconds" } })

/**
 * Records the duration of a call in milliseconds, by `provider`, `operation` and `outcome`: `success`, `interrupted`,
 * `defect` or the reason of the error.
 */
export const recordCall = seriesOf(timer("latchkey_call_duration", "Duration of calls"))

const cacheResults = seriesOf(
  counter(
    "latchkey_introspections_total",
    "Introspections by cache result: `hit`, `miss`, `stale`, or `live` (cache bypassed)",
  ),
)

/** Counts the introspections of a provider by cache result, and writes the cache result on the span. */
export const countCacheResults = (provider: string) => {
  const counts = {
    hit: cacheResults({ provider, from: "hit" }),
    miss: cacheResults({ provider, from: "miss" }),
    stale: cacheResults({ provider, from: "stale" }),
    live: cacheResults({ provider, from: "live" }),
  }
  return (result: keyof typeof counts, fiber?: CallFiber): void => {
    counts[result](1, fiber?.context)
    annotateSpan(fiber, "cache", result)
  }
}

const rejections = seriesOf(
  counter("latchkey_rejections_total", "Tokens that failed a check of latchkey, by the check"),
)

/** Counts and logs a token that failed a check of latchkey. */
export const countRejection = (provider: string, check: TokenCheck, events: Events, fiber?: CallFiber): void => {
  rejections({ provider, check })(1, fiber?.context)
  events.emit({ _tag: "TokenRejected", provider, check }, fiber)
}

/**
 * Counts and logs a token that failed a check of latchkey, and writes the check on the span. The result of the call does not hold
 * the check: it would tell an attacker what to change.
 */
export const recordRejection = (provider: string, check: TokenCheck, events: Events): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    countRejection(provider, check, events, fiber)
    annotateSpan(fiber, "check", check)
    return Effect.void
  })

/** The attributes of a gauge, of which one process may have several with the same vendor. */
export interface Tenant {
  readonly provider: string
  readonly issuer: string
  readonly client_id: string
}

/** Whether the circuit of an origin is open, by `provider`, `issuer`, `client_id` and `origin`: 1 or 0. */
export const circuitGauge = seriesOf(
  gauge("latchkey_circuit_open", "Whether the circuit breaker of an origin is open: 1 open, 0 closed"),
)

/** Which of two configured client secrets the vendor accepts, by `provider`, `issuer` and `client_id`: 0 the first, 1 the second. */
export const clientSecretGauge = seriesOf(
  gauge("latchkey_client_secret_in_use", "Which client secret the vendor accepts: 0 the first, 1 the second"),
)

export const spanPrefix = "latchkey."

/** Returns the span of the call in progress, if there is one. */
export const spanOf = ({ cache: { span } }: CallFiber): Tracer.Span | undefined =>
  span?._tag === "Span" && span.name.startsWith(spanPrefix) ? span : undefined

/** Writes an attribute on the span of the call in progress. */
export const annotateSpan = (fiber: CallFiber | undefined, name: string, value: string): void =>
  (fiber && spanOf(fiber))?.attribute(spanPrefix + name, value)

/** Adds to a number on a span. */
export const addToSpan = (span: Tracer.Span, name: string, amount: number): void =>
  span.attribute(spanPrefix + name, Number(span.attributes.get(spanPrefix + name) ?? 0) + amount)
