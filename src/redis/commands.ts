/** Commands with a deadline, and a circuit that stops them while the server does not answer. */
import { type DeadlineEntry, type Deadlines, makeDeadlines } from "../internal/deadlines.ts"
import { monotonicNow, setImmediate } from "../internal/real-timers.ts"
import { errorReplyOf } from "./client.ts"

export interface CommandLimits {
  /** The longest time of a command, waiting included, in milliseconds. */
  readonly deadline: number
  /** The most commands in flight at the same time. The others wait for their turn. */
  readonly underWay: number
  /** The most commands that wait for their turn. */
  readonly waiting: number
  /** After how many commands in a row without a reply the circuit opens. */
  readonly failures: number
  /** How long it stays open before one command is sent again, in milliseconds. */
  readonly openFor: number
}

export const commandLimits: Omit<CommandLimits, "deadline"> = {
  underWay: 3,
  waiting: 1000,
  failures: 3,
  openFor: 2000,
}

/** A deadline that is noticed later than this, in milliseconds, means that the process was busy. */
const longestTurn = 5
/** How often a busy process extends the deadline of a command. */
const mostExtensions = 3

/** `undefined`: there is no reply in time, or it is an error. A null reply of the server is `null`. */
type Answer = unknown

export interface Commands {
  /** Sends a command, or a sequence of commands as one. Never rejects. */
  readonly run: (send: () => Promise<unknown>) => Promise<Answer>
}

/** One command. A class: each is an element of the list of deadlines. */
class Command implements DeadlineEntry {
  dueAt: number
  readonly send: () => Promise<unknown>
  previous: DeadlineEntry | undefined = undefined
  next: DeadlineEntry | undefined = undefined
  isProbe = false
  isSent = false
  hasEnded = false
  #extensions = 0
  readonly #resolve: (answer: Answer) => void
  readonly #onLate: (command: Command) => void

  constructor(
    send: () => Promise<unknown>,
    dueAt: number,
    resolve: (answer: Answer) => void,
    onLate: (command: Command) => void,
  ) {
    this.send = send
    this.dueAt = dueAt
    this.#resolve = resolve
    this.#onLate = onLate
  }

  readonly expire = (): void => {
    // A reply that has arrived meanwhile is read before the command counts as late.
    if (setImmediate === undefined) this.#onLate(this)
    else setImmediate(() => this.#onLate(this))
  }

  /** Extends the deadline if the process was too busy to read a reply. Returns whether it did. */
  extend(longest: number): boolean {
    const now = monotonicNow()
    const lateBy = now - this.dueAt
    if (this.hasEnded || this.#extensions >= mostExtensions || lateBy < longestTurn) return false
    this.#extensions += 1
    this.dueAt = now + Math.min(lateBy, longest)
    return true
  }

  end(answer: Answer): void {
    this.hasEnded = true
    this.#resolve(answer)
  }
}

/** Makes the function that sends commands within the limits. */
export const makeCommands = (limits: CommandLimits, deadlines: Deadlines = makeDeadlines()): Commands => {
  const waiting = new Set<Command>()
  let underWay = 0
  let failures = 0
  let openUntil: number | undefined
  let isProbing = false

  const finish = (command: Command, answer: Answer): void => {
    deadlines.remove(command)
    waiting.delete(command)
    if (command.isSent) underWay -= 1
    command.end(answer)
  }

  const expire = (command: Command): void => {
    if (!command.extend(limits.deadline)) {
      fail(command)
      return
    }
    deadlines.remove(command)
    deadlines.add(command)
  }

  const fail = (command: Command): void => {
    if (command.hasEnded) return
    finish(command, undefined)
    // A command that was never sent does not count as a failure of the server.
    if (command.isSent) noteFailure(command)
    sendNext()
  }

  const noteFailure = ({ isProbe }: Command): void => {
    failures += 1
    if (isProbe) isProbing = false
    if (!isProbe && failures < limits.failures) return
    openUntil = monotonicNow() + limits.openFor
    for (const each of waiting) finish(each, undefined)
  }

  /** A reply closes the circuit, even if the command is late or fails, because it shows that the server answers. */
  const receive = (command: Command, answer: Answer): void => {
    if (!command.hasEnded) finish(command, answer)
    failures = 0
    openUntil = undefined
    isProbing = false
    sendNext()
  }

  const start = (command: Command): void => {
    waiting.delete(command)
    command.isSent = true
    underWay += 1
    command.send().then(
      (answer) => receive(command, answer ?? null),
      (error: unknown) => (errorReplyOf(error) === undefined ? fail(command) : receive(command, undefined)),
    )
  }

  /** A failed command keeps its place, so that a server that hangs gets no further commands. */
  const hasTurn = (): boolean => underWay < Math.max(1, limits.underWay - failures)

  const sendNext = (): void => {
    for (const command of waiting) {
      if (!hasTurn()) return
      start(command)
    }
  }

  return {
    run: (send) =>
      new Promise((resolve) => {
        const now = monotonicNow()
        const isOpen = openUntil !== undefined
        if (isOpen && (isProbing || now < (openUntil ?? 0))) return resolve(undefined)
        if (waiting.size >= limits.waiting) return resolve(undefined)
        const command = new Command(send, now + limits.deadline, resolve, expire)
        command.isProbe = isOpen
        if (isOpen) isProbing = true
        deadlines.add(command)
        if (isOpen || hasTurn()) start(command)
        else waiting.add(command)
      }),
  }
}
