/** One timer for all exchanges of a door: nearly all end long before their time, and a timer of its own for each is dear. */

/** What may take too long; it is a link of the chain of all who wait. */
export interface Waiting {
  /** When it has taken too long, by `performance.now()`, in milliseconds. */
  readonly due: number
  /** Ends it, unless it has ended; it takes itself off. */
  readonly expire: () => void
  before: Waiting | undefined
  after: Waiting | undefined
}

export interface Deadlines {
  readonly add: (waiting: Waiting) => void
  readonly remove: (waiting: Waiting) => void
}

/** The longest time that a timer of Node can be set to, in milliseconds. */
const longest = 2 ** 31 - 1

/**
 * Makes a place for those who wait. The timer is set for the earliest deadline, and left alone when that one has ended in
 * time: it then looks who is next. It keeps no process alive, for the socket of an exchange does.
 *
 * A chain, and no set: the tables that a set has outgrown would keep alive, until the next full collection, all that was in
 * them and all that hung on it, which made each exchange cost a fifth more.
 */
export const makeDeadlines = (): Deadlines => {
  let first: Waiting | undefined
  let timer: NodeJS.Timeout | undefined
  let firesAt = Number.POSITIVE_INFINITY

  const arm = (due: number): void => {
    clearTimeout(timer)
    firesAt = due
    timer = setTimeout(fire, Math.max(1, Math.min(due - performance.now(), longest))).unref()
  }

  const fire = (): void => {
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    const late: Array<Waiting> = []
    for (let each = first; each !== undefined; each = each.after) {
      if (each.due <= now) late.push(each)
      else next = Math.min(next, each.due)
    }
    firesAt = Number.POSITIVE_INFINITY
    if (next < firesAt) arm(next)
    for (const each of late) each.expire()
  }

  return {
    add: (waiting) => {
      waiting.after = first
      if (first !== undefined) first.before = waiting
      first = waiting
      if (waiting.due < firesAt) arm(waiting.due)
    },
    remove: (waiting) => {
      const { before, after } = waiting
      if (before !== undefined) before.after = after
      else if (first === waiting) first = after
      if (after !== undefined) after.before = before
      waiting.before = undefined
      waiting.after = undefined
    },
  }
}
