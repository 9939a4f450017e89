/**
 * Sends spans, metrics and events of the Promise API to OpenTelemetry. It needs only the package `@opentelemetry/api`:
 * the application chooses the SDK and the exporters.
 *
 * @module
 */
import type { MeterProvider, TracerProvider } from "@opentelemetry/api"
import { AuthError, type Issue } from "../ports/errors.ts"
import type { Telemetry } from "../ports/telemetry.ts"
import { makeIsTracing, makeTracer } from "./call-tracer.ts"
import { type EventLogger, eventRecorder } from "./event-records.ts"
import { makeSeries } from "./series.ts"

export type { EventLogger, EventRecord } from "./event-records.ts"

/** The options of `openTelemetry`. */
export interface OpenTelemetryOptions {
  /** Makes the tracer. Default: the global provider, even if it is registered later. */
  readonly tracerProvider?: TracerProvider | undefined
  /** Makes the instruments. Default: the global provider, even if it is registered later. */
  readonly meterProvider?: MeterProvider | undefined
  /**
   * Receives an event as a log record, such as `logs.getLogger("latchkey")` of `@opentelemetry/api-logs`. Default: the
   * global logger of `@opentelemetry/api` 1.10 or later; with an earlier version events are on spans only.
   */
  readonly logger?: EventLogger | undefined
}

/**
 * Makes the telemetry for `createAuth(config, { telemetry: openTelemetry() })`.
 *
 * A call has a span, whose parent is the active span of the caller. The instruments have the names and attributes of
 * Effect's metrics. An event is a span event, and a log record if there is a logger. Without a registered SDK nothing is
 * recorded. No span, series or event holds a token, a secret or the identity of a user, and no header for tracing is sent to
 * the vendor.
 *
 * @param options `tracerProvider`, `meterProvider` and `logger`, instead of the global ones
 *
 * Throws an `AuthError` (`InvalidConfig`) for a wrong or unknown option.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export const openTelemetry = (options: OpenTelemetryOptions = {}): Telemetry => {
  const issues = problemsIn(options)
  if (issues.length > 0)
    throw new AuthError({ provider: "latchkey", operation: "config", reason: { _tag: "InvalidConfig", issues } })
  return {
    tracer: makeTracer(options.tracerProvider),
    isTracing: makeIsTracing(options.tracerProvider),
    seriesOf: makeSeries(options.meterProvider),
    emit: eventRecorder(options.logger),
  }
}

/** The method that each option must have. */
const methods: Readonly<Record<string, string>> = {
  tracerProvider: "getTracer",
  meterProvider: "getMeter",
  logger: "emit",
}

const problemsIn = (options: OpenTelemetryOptions): ReadonlyArray<Issue> =>
  Object.entries(options ?? {}).flatMap(([path, value]: [string, unknown]) => {
    const method = Object.hasOwn(methods, path) ? methods[path] : undefined
    if (method === undefined)
      return [{ path, message: `unknown option; expected one of ${Object.keys(methods).join(", ")}` }]
    if (value === undefined) return []
    const found = (Object(value) as Readonly<Record<string, unknown>>)[method]
    return typeof found === "function" ? [] : [{ path, message: `expected an object with the method ${method}` }]
  })
