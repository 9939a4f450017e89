/** The spans of calls, made by a tracer of OpenTelemetry. */
import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  type Tracer as SpanMaker,
  type TracerProvider,
  trace,
} from "@opentelemetry/api"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { version } from "../internal/version.ts"
import { endWith } from "./span-outcome.ts"

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

const kinds: Readonly<Record<Tracer.SpanKind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/** Converts nanoseconds since 1970 to the seconds and nanoseconds of OpenTelemetry. */
const timeOf = (nanos: bigint): [number, number] => [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)]

const isAttributeValue = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

const attributesOf = (values: Readonly<Record<string, unknown>>): Attributes =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => isAttributeValue(entry[1])))

/** A span of OpenTelemetry, as Effect sees it. */
export interface CallSpan extends Tracer.Span {
  readonly recorded: Span
  /** The context in which the span is the active one. */
  readonly context: Context
}

/** Returns the span of OpenTelemetry that a span stands for. */
export const recordedSpan = (span: Tracer.AnySpan | undefined): Span | undefined =>
  span !== undefined && "recorded" in span ? (span as CallSpan).recorded : undefined

/** Returns the context of a parent. A span without a parent in latchkey is a child of the caller's active span. */
const parentContext = ({ parent, root }: SpanOptions): Context => {
  const active = context.active()
  if (root) return trace.deleteSpan(active)
  if (Option.isNone(parent)) return active
  const recorded = recordedSpan(parent.value)
  if (recorded !== undefined) return trace.setSpan(active, recorded)
  const { traceId, spanId, sampled } = parent.value
  return trace.setSpanContext(active, { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true })
}

/** Starts a span. If a span processor of the application throws, the call gets a span that records nothing. */
const startSpan = (maker: SpanMaker, options: SpanOptions, parent: Context): Span => {
  const { name, kind, startTime } = options
  try {
    return maker.startSpan(name, { kind: kinds[kind], startTime: timeOf(startTime) }, parent)
  } catch {
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
  }
}

const makeSpan = (maker: SpanMaker, options: SpanOptions): CallSpan => {
  const { name, kind, parent, annotations, links, startTime } = options
  const around = parentContext(options)
  const recorded = startSpan(maker, options, around)
  const { traceId, spanId, traceFlags } = recorded.spanContext()
  const attributes = new Map<string, unknown>()
  let status: Tracer.SpanStatus = { _tag: "Started", startTime }
  return {
    ...{ _tag: "Span", name, kind, parent, annotations, links, attributes, traceId, spanId, recorded },
    context: trace.setSpan(around, recorded),
    sampled: (traceFlags & 1) === 1,
    get status() {
      return status
    },
    attribute: (key, value) => {
      attributes.set(key, value)
      if (isAttributeValue(value)) recorded.setAttribute(key, value)
    },
    event: (event, time, values = {}) => {
      recorded.addEvent(event, attributesOf(values), timeOf(time))
    },
    addLinks: () => undefined,
    end: (endTime, exit) => {
      if (status._tag === "Ended") return
      status = { _tag: "Ended", startTime, endTime, exit }
      try {
        endWith(recorded, exit)
        recorded.end(timeOf(endTime))
      } catch {
        // A span processor threw: the call goes on.
      }
    },
  }
}

/** The global provider of the API. `getDelegateTracer` returns `undefined` before an SDK is registered. */
interface GlobalProvider extends TracerProvider {
  readonly getDelegateTracer?: (name: string) => unknown
}

/** Makes the function that returns whether an SDK records spans. */
export const makeIsTracing = (given: TracerProvider | undefined): (() => boolean) => {
  if (given !== undefined) return () => true
  const provider: GlobalProvider = trace.getTracerProvider()
  return () => provider.getDelegateTracer === undefined || provider.getDelegateTracer("latchkey") !== undefined
}

/**
 * Makes the tracer. While a call runs, its span is the active one of OpenTelemetry, so that the spans of an instrumented
 * HTTP client are its children.
 */
export const makeTracer = (given: TracerProvider | undefined): Tracer.Tracer => {
  // The global provider passes calls on to a provider that is registered later.
  const maker = (given ?? trace.getTracerProvider()).getTracer("latchkey", version)
  return Tracer.make({
    span: (options) => makeSpan(maker, options),
    context: <X>(primitive: Tracer.EffectPrimitive<X>, fiber: Fiber.Fiber<unknown, unknown>): X => {
      const { span } = fiber.cache
      return span !== undefined && "recorded" in span
        ? context.with((span as CallSpan).context, () => primitive["~effect/Effect/evaluate"](fiber))
        : primitive["~effect/Effect/evaluate"](fiber)
    },
  })
}
