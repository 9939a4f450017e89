/** Whether the server answers, as the commands show. */
import { monotonicNow } from "../internal/real-timers.ts"
import type { Fleet, FleetFailure } from "../ports/fleet.ts"
import { callEach } from "./listeners.ts"

/** An outage is reported after this many commands in a row without an answer: one of them may be due to a busy process. */
const leastCommands = 3
/** And after this time since the first of them, in milliseconds. */
const leastTime = 1000
/** The shortest time from the end of a reported outage to the next report, in milliseconds: calls cannot flood a log. */
const leastPause = 10_000

type Listener = Parameters<Fleet["onAvailability"]>[0]

export interface Availability extends Pick<Fleet, "onAvailability"> {
  /** Notes a command that has its answer. */
  readonly answered: () => void
  /** Notes a command without an answer. */
  readonly unanswered: () => void
  /** Notes why commands get no answer. */
  readonly explain: (detail: string) => void
  readonly close: () => void
}

interface Outage {
  /** By the clock of this process that only moves forward. */
  readonly startedAt: number
  readonly since: number
  commands: number
}

/**
 * Makes the record of one server. It has no timer: each report comes with a command.
 *
 * @param detail why commands get no answer, unless `explain` says otherwise
 * @param now milliseconds of a clock that only moves forward
 */
export const makeAvailability = (detail: string, now: () => number = monotonicNow): Availability => {
  /** The listeners that know of no outage, and those that know of the present one. */
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
      // A function of its own: one listener may be added twice.
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
