/** The calls of the last ten seconds to one origin, counted in slices of time. */

/** The length of a slice, in milliseconds. */
const sliceMillis = 250

const sliceCount = 40

/** How many slices ago a request must have been sent to count as slow: more than half a second. */
const slowSlices = 3

/** The time after which a request without a response, or whose caller gave up, counts as a failure, in milliseconds. */
export const slowAfter = (slowSlices - 1) * sliceMillis

/** The calls of a slice. Slices are kept alive by the calls that wait for their response. */
export interface Slice {
  readonly index: number
  /** The calls whose response, or whose failure, arrived in this slice. */
  answered: number
  failed: number
  /** The calls that were sent in this slice and still wait. */
  waiting: number
}

/** The counts of the window. A call that has waited for more than half a second counts as failed. */
export interface Counts {
  readonly calls: number
  readonly failed: number
}

const emptySlice = (index: number): Slice => ({ index, answered: 0, failed: 0, waiting: 0 })

export class CallWindow {
  #slices: Array<Slice> = []
  #last: Slice = emptySlice(Number.NEGATIVE_INFINITY)

  /** Returns the slice of a time in milliseconds. */
  at(now: number): Slice {
    const index = Math.floor(now / sliceMillis)
    if (this.#last.index === index) return this.#last
    // When the clock moves back, the ages of the slices are unknown.
    if (index < this.#last.index) this.restart()
    this.#last = emptySlice(index)
    while ((this.#slices[0]?.index ?? index) <= index - sliceCount) this.#slices.shift()
    this.#slices.push(this.#last)
    return this.#last
  }

  /** Forgets every call, also those that still wait. */
  restart(): void {
    this.#slices = []
    this.#last = emptySlice(Number.NEGATIVE_INFINITY)
  }

  count(now: number): Counts {
    const { index } = this.at(now)
    let [answered, failed] = [0, 0]
    for (const slice of this.#slices) {
      answered += slice.answered
      failed += slice.failed
      if (slice.index <= index - slowSlices) failed += slice.waiting
    }
    return { calls: answered + failed, failed }
  }
}
