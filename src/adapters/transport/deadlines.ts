/** One timer for all exchanges of a door: nearly all end long before their time, and a timer of its own for each is dear. */

/** What may take too long. */
export interface Waiting {
  /** When it has taken too long, by `performance.now()`, in milliseconds. */
  readonly due: number
  /** Ends it; it takes itself off. */
  readonly expire: () => void
}

export interface Deadlines {
  readonly add: (waiting: Waiting) => void
  readonly remove: (waiting: Waiting) => void
}

/**
 * Makes a place for those who wait. The timer is set for the earliest deadline, and left alone when that one has ended in
 * time: it then looks who is next. It keeps no process alive, for the socket of an exchange does.
 */
export const makeDeadlines = (): Deadlines => {
  const pending = new Set<Waiting>()
  let timer: NodeJS.Timeout | undefined
  let firesAt = Number.POSITIVE_INFINITY

  const arm = (due: number): void => {
    clearTimeout(timer)
    firesAt = due
    timer = setTimeout(fire, due - performance.now()).unref()
  }

  const fire = (): void => {
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const waiting of Array.from(pending)) {
      if (waiting.due <= now) waiting.expire()
      else next = Math.min(next, waiting.due)
    }
    firesAt = Number.POSITIVE_INFINITY
    if (next < firesAt) arm(next)
  }

  return {
    add: (waiting) => {
      pending.add(waiting)
      if (waiting.due < firesAt) arm(waiting.due)
    },
    remove: (waiting) => {
      pending.delete(waiting)
    },
  }
}
