/** Events as span events and as log records. */
import * as api from "@opentelemetry/api"
import { version } from "../internal/version.ts"
import type { LoggedEvent, Telemetry } from "../ports/telemetry.ts"
import { recordedSpan } from "./call-tracer.ts"

/** The members of a log record of OpenTelemetry that an event has. */
export interface EventRecord {
  /** `latchkey.` and the tag of the event, such as `latchkey.CircuitOpened`. */
  readonly eventName: string
  /** 9 (`INFO`) or 13 (`WARN`). */
  readonly severityNumber: number
  readonly severityText: "INFO" | "WARN"
  readonly body: string
  readonly attributes: api.Attributes
  /** The context of the call, so that the record has its trace and span. */
  readonly context: api.Context
}

/** A logger of OpenTelemetry. */
export interface EventLogger {
  readonly emit: (record: EventRecord) => void
}

/** The logs of the API since version 1.10. */
interface WithLogs {
  readonly logs?: { readonly getLogger: (name: string, version: string) => EventLogger }
}

/** Returns the global logger, if this version of the API has logs. */
const globalLogger = (): EventLogger | undefined => (api as WithLogs).logs?.getLogger("latchkey", version)

/** Returns the members of an event as attributes, under the names that Effect's logger shows. */
const attributesOf = ({ event }: LoggedEvent): api.Attributes => {
  const { _tag, ...members } = event
  return Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`latchkey.${name}`, value]),
  )
}

/** Makes the function that records events. */
export const eventRecorder = (given: EventLogger | undefined): Telemetry["emit"] => {
  const logger = given ?? globalLogger()
  return (logged, callSpan) => {
    const eventName = `latchkey.${logged.event._tag}`
    const attributes = attributesOf(logged)
    const span = recordedSpan(callSpan)
    span?.addEvent(eventName, attributes)
    const active = api.context.active()
    logger?.emit({
      eventName,
      ...(logged.isWarning
        ? { severityNumber: 13, severityText: "WARN" as const }
        : { severityNumber: 9, severityText: "INFO" as const }),
      body: logged.message,
      attributes,
      context: span === undefined ? active : api.trace.setSpan(active, span),
    })
  }
}
