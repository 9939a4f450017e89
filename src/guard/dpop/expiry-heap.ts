/** Entries in the order in which they expire: a binary heap. */

export interface Expiring {
  readonly until: number
}

/** A priority queue of entries: the one that expires first is the first one. */
export class ExpiryHeap<Entry extends Expiring> {
  readonly #entries: Array<Entry> = []

  get first(): Entry | undefined {
    return this.#entries[0]
  }

  add(entry: Entry): void {
    const entries = this.#entries
    let at = entries.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = entries[above]
      if (parent === undefined || parent.until <= entry.until) break
      entries[at] = parent
      at = above
    }
    entries[at] = entry
  }

  removeFirst(): void {
    const entries = this.#entries
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left
      const entry = entries[child]
      if (entry === undefined || entry.until >= last.until) break
      entries[at] = entry
      at = child
    }
    entries[at] = last
  }

  #isEarlier(at: number, than: number): boolean {
    const entry = this.#entries[at]
    return entry !== undefined && entry.until < (this.#entries[than]?.until ?? 0)
  }
}
