/** The options of a client of the Promise API. */
import * as Effect from "effect/Effect"
import { makeEvents } from "../internal/log.ts"
import { AuthError, type Issue } from "../ports/errors.ts"
import type { Identity } from "../ports/provider.ts"
import type { Telemetry } from "../ports/telemetry.ts"

/** The options of a client of the Promise API, besides its provider. */
export interface ClientOptions {
  /** Receives spans, metrics and events, such as `openTelemetry()` of `latchkey/opentelemetry`. */
  readonly telemetry?: Telemetry | undefined
}

/** Returns the telemetry of the options. Fails with `InvalidConfig`, which names every wrong option. */
export const telemetryOf = (options: ClientOptions | undefined): Effect.Effect<Telemetry | undefined, AuthError> => {
  const { telemetry, ...others } = options ?? {}
  const issues: Array<Issue> = Object.entries(others).flatMap(([path, value]) =>
    value === undefined ? [] : [{ path, message: misplaced }],
  )
  if (telemetry !== undefined && !isTelemetry(telemetry))
    issues.push({
      path: "telemetry",
      message: `expected a telemetry, such as openTelemetry(), found ${kindOf(telemetry)}`,
    })
  if (issues.length === 0) return Effect.succeed(telemetry)
  return Effect.fail(
    new AuthError({ provider: "latchkey", operation: "config", reason: { _tag: "InvalidConfig", issues } }),
  )
}

const misplaced = "not an option of createAuth with a provider: pass it to the adapter, as its second argument"

/** Whether a value has the members of a telemetry. */
const isTelemetry = (value: unknown): boolean => {
  const { tracer, seriesOf, emit } = Object(value) as Readonly<Record<string, unknown>>
  return typeof tracer === "object" && typeof seriesOf === "function" && typeof emit === "function"
}

const kindOf = (value: unknown): string => (value === null ? "null" : `a value of type ${typeof value}`)

/** Returns the provider, whose metrics and events go to a telemetry too. */
export const recordingTo = <P extends Identity>(provider: P, telemetry: Telemetry | undefined): P => {
  if (telemetry === undefined) return provider
  const events = provider.events ?? makeEvents(undefined)
  events.useTelemetry(telemetry)
  return { ...provider, events }
}
