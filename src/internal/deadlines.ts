/** Deadlines with one timer: most requests and calls end in time, and a timer each is slow. */
import { realTimers, type Timers } from "./real-timers.ts"

/** Something with a deadline: an element of a doubly linked list. */
export interface DeadlineEntry {
  /** The deadline, by `monotonicNow`, in milliseconds. */
  readonly dueAt: number
  /** Ends the entry, which removes itself from the list. Does nothing if it has ended. */
  readonly expire: () => void
  previous: DeadlineEntry | undefined
  next: DeadlineEntry | undefined
}

export interface Deadlines {
  readonly add: (entry: DeadlineEntry) => void
  readonly remove: (entry: DeadlineEntry) => void
}

/** The longest delay of a timer in Node, in milliseconds. */
const longestDelay = 2 ** 31 - 1

/**
 * Makes a list of deadlines.
 *
 * The timer is set for the earliest deadline. It is not changed when that entry ends in time: when it fires, it is set
 * for the earliest remaining deadline. Unless `keepsAlive` is set, it does not keep the process alive: the socket of an
 * exchange does.
 *
 * The entries are a linked list and not a `Set`: a `Set` that grows replaces its table, and the old table keeps alive
 * what it referenced until the next full garbage collection. That made each exchange a fifth slower.
 */
export const makeDeadlines = (timers: Timers = realTimers, { keepsAlive = false } = {}): Deadlines => {
  const { setTimeout, clearTimeout, monotonicNow } = timers
  let first: DeadlineEntry | undefined
  let timer: NodeJS.Timeout | undefined
  let firesAt = Number.POSITIVE_INFINITY

  const setTimer = (dueAt: number): void => {
    clearTimeout(timer)
    firesAt = dueAt
    timer = setTimeout(fire, Math.max(1, Math.min(dueAt - monotonicNow(), longestDelay)))
    if (!keepsAlive) timer.unref()
  }

  const fire = (): void => {
    const now = monotonicNow()
    let earliest = Number.POSITIVE_INFINITY
    const late: Array<DeadlineEntry> = []
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (entry.dueAt <= now) late.push(entry)
      else earliest = Math.min(earliest, entry.dueAt)
    }
    firesAt = Number.POSITIVE_INFINITY
    if (earliest < firesAt) setTimer(earliest)
    for (const entry of late) entry.expire()
  }

  return {
    add: (entry) => {
      entry.next = first
      if (first !== undefined) first.previous = entry
      first = entry
      if (entry.dueAt < firesAt) setTimer(entry.dueAt)
    },
    remove: (entry) => {
      const { previous, next } = entry
      if (previous !== undefined) previous.next = next
      else if (first === entry) first = next
      if (next !== undefined) next.previous = previous
      entry.previous = undefined
      entry.next = undefined
      if (!keepsAlive || first !== undefined) return
      clearTimeout(timer)
      firesAt = Number.POSITIVE_INFINITY
    },
  }
}
