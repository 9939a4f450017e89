/** The interface to which the Promise API sends spans, metrics and events. */
import type * as Tracer from "effect/Tracer"
import type { LogEvent } from "./log.ts"

/** The attributes of a series. Their values come from the configuration or from a fixed list, never from a caller. */
export type SeriesAttributes = Readonly<Record<string, string>>

/** The server and the client of a provider, as the attributes of its metrics name them. */
export interface Tenant extends SeriesAttributes {
  readonly provider: string
  readonly issuer: string
  readonly client_id: string
}

/** An event, as a log shows it. */
export interface LoggedEvent {
  readonly event: LogEvent
  /** A sentence about the event. */
  readonly message: string
  /** Whether an operator must act. */
  readonly isWarning: boolean
}

/** Receives what a client of the Promise API records. An exception in it changes no call. */
export interface Telemetry {
  /** Makes the spans of calls. */
  readonly tracer: Tracer.Tracer
  /** Whether a span would be recorded at present. Without it: yes. */
  readonly isTracing?: () => boolean
  /** Returns the function that records a value in one series of an instrument, such as `latchkey_call_duration`. */
  readonly seriesOf: (instrument: string, attributes: SeriesAttributes) => (value: number) => void
  /** Receives an event. `span`: that of the call in progress, if there is one. */
  readonly emit: (event: LoggedEvent, span: Tracer.Span | undefined) => void
}
