/** Delivers events to the `log` of a configuration, or to Effect's logger. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { AuthError } from "../ports/errors.ts"
import type { Events } from "../ports/events.ts"
import type { EventCause, Log, LogEvent } from "../ports/log.ts"
import type { Telemetry } from "../ports/telemetry.ts"
import { callSpanOf } from "./call-span.ts"
import { isExplaining } from "./explaining.ts"

/** The events after which an operator must act. */
const warnings: ReadonlySet<LogEvent["_tag"]> = new Set([
  "CircuitOpened",
  "StaleServed",
  "SecretFellBack",
  "KeysUnavailable",
  "RevocationUnshared",
  "FleetUnavailable",
])

const messages: Readonly<Record<LogEvent["_tag"], string>> = {
  TokenRejected: "latchkey: token rejected",
  CircuitOpened: "latchkey: circuit opened",
  CircuitClosed: "latchkey: circuit closed",
  StaleServed: "latchkey: stale answer served",
  SecretFellBack: "latchkey: client secret fell back to the other one",
  KeysRefreshed: "latchkey: keys refreshed",
  KeysUnavailable: "latchkey: keys unavailable",
  CacheInvalidated: "latchkey: cached introspections invalidated",
  RevocationUnshared: "latchkey: revocation not shared with the fleet",
  FleetUnavailable: "latchkey: the store of the fleet does not answer",
  FleetAvailable: "latchkey: the store of the fleet answers again",
}

/** Makes the delivery of one provider's events. A call of `explain` has no events. */
export const makeEvents = (log: Log | undefined): Events => {
  let usesEffectLogger = false
  let telemetry: Telemetry | undefined
  return {
    emit: (event, fiber) => {
      if (log === undefined && !usesEffectLogger && telemetry === undefined) return
      if (fiber !== undefined && isExplaining(fiber)) return
      if (telemetry !== undefined) deliverTo(telemetry, event, fiber)
      if (log !== undefined) return deliver(log, event)
      if (!usesEffectLogger) return
      const { _tag, ...annotations } = event
      const message = Effect.annotateLogs(Effect.logWithLevel(warnings.has(_tag) ? "Warn" : "Info")(messages[_tag]), {
        event: _tag,
        ...annotations,
      })
      if (fiber === undefined) Effect.runFork(message)
      else Effect.runForkWith(fiber.context)(message)
    },
    useEffectLogger: () => {
      usesEffectLogger = true
    },
    telemetry: () => telemetry,
    useTelemetry: (given) => {
      telemetry = given
    },
  }
}

/** A telemetry that throws changes nothing. */
const deliverTo = (telemetry: Telemetry, event: LogEvent, fiber: Fiber.Fiber<unknown, unknown> | undefined): void => {
  const logged = { event, message: messages[event._tag], isWarning: warnings.has(event._tag) }
  try {
    telemetry.emit(logged, fiber && callSpanOf(fiber))
  } catch {
    // The event is lost.
  }
}

/** A `log` that throws, or whose promise rejects, changes nothing. */
const deliver = (log: Log, event: LogEvent): void => {
  try {
    const result: unknown = log(event)
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // The call goes on.
  }
}

/** Returns the members of an event about an error. The texts of an error hold no secret. */
export const causeOf = ({ reason, url }: Pick<AuthError, "reason" | "url">): EventCause => ({
  reason: reason._tag,
  ...("detail" in reason && reason.detail !== undefined && { detail: reason.detail }),
  ...(url !== undefined && { url }),
})

/** For a provider without a configuration. */
export const noEvents: Events = {
  emit: () => undefined,
  useEffectLogger: () => undefined,
  telemetry: () => undefined,
  useTelemetry: () => undefined,
}
