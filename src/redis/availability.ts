/** Detects from the commands whether the server answers. */
import { monotonicNow } from "../internal/real-timers.ts"
import type { Fleet, FleetFailure } from "../ports/fleet.ts"
import { callEach } from "./listeners.ts"

/** The commands in a row without an answer before an outage is reported: a single one may be due to a busy process. */
const leastCommands = 3
/** The time since the first of these commands before an outage is reported, in milliseconds. */
const leastTime = 1000
/** The shortest time from the end of a reported outage to the next report, in milliseconds: calls cannot flood a log. */
const leastPause = 10_000

type Listener = Parameters<Fleet["onAvailability"]>[0]

export interface Availability extends Pick<Fleet, "onAvailability"> {
  /** Records a command with an answer. */
  readonly answered: () => void
  /** Records a command without an answer. */
  readonly unanswered: () => void
  /** Records the reason why commands get no answer. */
  readonly explain: (detail: string) => void
  readonly close: () => void
}

interface Outage {
  /** By the monotonic clock of this process. */
  readonly startedAt: number
  readonly since: number
  commands: number
}

/**
 * Makes the record of one server. It has no timer: each report comes with a command.
 *
 * @param detail the reason why commands get no answer, unless `explain` gives another
 * @param now returns milliseconds of a monotonic clock
 */
export const makeAvailability = (detail: string, now: () => number = monotonicNow): Availability => {
  /** The listeners without a report of the present outage, and those with one. */
  const [uninformed, informed] = [new Set<Listener>(), new Set<Listener>()]
  let outage: Outage | undefined
  let explanation: string | undefined
  let endedAt = Number.NEGATIVE_INFINITY

  const report = (from: Set<Listener>, to: Set<Listener>, failure: FleetFailure | undefined): void => {
    const told = Array.from(from)
    from.clear()
    for (const listener of told) to.add(listener)
    callEach(told, failure)
  }

  return {
    answered: () => {
      explanation = undefined
      outage = undefined
      if (informed.size === 0) return
      endedAt = now()
      report(informed, uninformed, undefined)
    },
    unanswered: () => {
      const time = now()
      outage ??= { startedAt: time, since: Date.now(), commands: 0 }
      outage.commands += 1
      if (uninformed.size === 0 || outage.commands < leastCommands || time - outage.startedAt < leastTime) return
      if (time - endedAt < leastPause) return
      report(uninformed, informed, { since: outage.since, detail: explanation ?? detail })
    },
    explain: (text) => {
      explanation = text
    },
    onAvailability: (listener) => {
      // A new function for each call, because one listener may be added twice.
      const own: Listener = (failure) => listener(failure)
      uninformed.add(own)
      return () => {
        uninformed.delete(own)
        informed.delete(own)
      }
    },
    close: () => {
      uninformed.clear()
      informed.clear()
    },
  }
}
