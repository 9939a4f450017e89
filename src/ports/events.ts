/** The interface through which the parts of a provider report its events. */
import type * as Fiber from "effect/Fiber"
import type { LogEvent } from "./log.ts"
import type { Telemetry } from "./telemetry.ts"

/** Delivers the events of a provider. */
export interface Events {
  /** Delivers an event. `fiber`: the call in progress, if there is one. */
  readonly emit: (event: LogEvent, fiber?: Fiber.Fiber<unknown, unknown>) => void
  /** Delivers to Effect's logger from now on, unless the configuration has a `log`. */
  readonly useEffectLogger: () => void
  /** The telemetry of the Promise API, if there is one, which also receives metrics and events. */
  readonly telemetry: () => Telemetry | undefined
  /** Sends metrics and events to a telemetry too, from now on. */
  readonly useTelemetry: (telemetry: Telemetry) => void
}
