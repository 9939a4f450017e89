/** Delivers events to the `log` of a configuration, or to Effect's logger. */
import * as Effect from "effect/Effect"
import type { AuthError } from "../ports/errors.ts"
import type { EventCause, Events, Log, LogEvent } from "../ports/log.ts"
import { isExplaining } from "./explaining.ts"

/** The events that ask an operator to act. */
const warnings: ReadonlySet<LogEvent["_tag"]> = new Set([
  "CircuitOpened",
  "StaleServed",
  "SecretFellBack",
  "KeysUnavailable",
  "RevocationUnshared",
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
}

/** Makes the delivery of one provider's events. A call of `explain` has no events. */
export const makeEvents = (log: Log | undefined): Events => {
  let usesEffectLogger = false
  return {
    emit: (event, fiber) => {
      if (log === undefined && !usesEffectLogger) return
      if (fiber !== undefined && isExplaining(fiber)) return
      if (log !== undefined) return deliver(log, event)
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

/** Returns what an event says about an error. The texts of an error hold no secret. */
export const causeOf = ({ reason, url }: Pick<AuthError, "reason" | "url">): EventCause => ({
  reason: reason._tag,
  ...("detail" in reason && reason.detail !== undefined && { detail: reason.detail }),
  ...(url !== undefined && { url }),
})

/** For a provider without a configuration. */
export const noEvents: Events = { emit: () => undefined, useEffectLogger: () => undefined }
