/** The greeting of a connection: the command before all others, which checks the run of the server. */
import { type DeadlineEntry, type Deadlines, makeDeadlines } from "../internal/deadlines.ts"
import { monotonicNow, setImmediate } from "../internal/real-timers.ts"

export interface GreetingLimits {
  /** How long commands wait for a greeting, in milliseconds. */
  readonly deadline: number
  /** After how long without a reply another greeting is sent, in milliseconds. */
  readonly openFor: number
}

export interface Greeting {
  /** Whether the connection has its greeting, or a promise of that. */
  readonly isDone: () => boolean | Promise<boolean>
  /** Sends the greeting of a new connection. */
  readonly begin: () => void
  /** Forgets the greeting: the connection broke. */
  readonly forget: () => void
}

/** One greeting. `"late"`: commands no longer wait for it, although its reply may still arrive. */
interface Attempt {
  state: "sent" | "late" | "done"
  readonly sentAt: number
  readonly ended: Promise<boolean>
}

/**
 * Makes the greeting of a connection. It takes no time from the deadline of a command, and does not open the circuit. A
 * greeting without a reply, or with a broken connection, is sent once more after `openFor`; until then commands do not
 * wait.
 *
 * @param send sends the greeting
 */
export const makeGreeting = (
  send: () => Promise<unknown>,
  { deadline, openFor }: GreetingLimits,
  deadlines: Deadlines = makeDeadlines(),
): Greeting => {
  let latest: Attempt | undefined

  const begin = (): Attempt => {
    const sentAt = monotonicNow()
    const { promise: ended, resolve } = Promise.withResolvers<boolean>()
    const attempt: Attempt = { state: "sent", sentAt, ended }
    latest = attempt
    const end = (state: "late" | "done"): void => {
      deadlines.remove(due)
      if (attempt.state !== "done") attempt.state = state
      resolve(state === "done")
    }
    // A reply that has arrived meanwhile is read first.
    const expire = () => (setImmediate === undefined ? end("late") : setImmediate(() => end("late")))
    const due: DeadlineEntry = { dueAt: sentAt + deadline, expire, previous: undefined, next: undefined }
    deadlines.add(due)
    send().then(
      () => end("done"),
      () => end("late"),
    )
    return attempt
  }

  return {
    isDone: () => {
      const attempt = latest === undefined || mayRepeat(latest, openFor) ? begin() : latest
      return attempt.state === "sent" ? attempt.ended : attempt.state === "done"
    },
    begin: () => void begin(),
    forget: () => {
      // A client that reconnects reports each attempt, which must not send a greeting before the connection is ready.
      const sentAt = latest?.state === "late" ? latest.sentAt : monotonicNow()
      latest = { state: "late", sentAt, ended: notDone }
    },
  }
}

const notDone = Promise.resolve(false)

const mayRepeat = ({ state, sentAt }: Attempt, openFor: number): boolean =>
  state === "late" && monotonicNow() - sentAt >= openFor
