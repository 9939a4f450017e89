/** What is remembered, bounded in entries and in bytes; the oldest goes first. */

/** A value that knows how much it weighs. */
export interface Weighed {
  readonly bytes: number
}

export interface Limits {
  readonly entries: number
  readonly bytes: number
}

export interface BoundedStore<Key, V extends Weighed> {
  readonly get: (key: Key) => V | undefined
  /** Puts a value last in line, in place of the one that was there. */
  readonly set: (key: Key, value: V) => void
  readonly delete: (key: Key) => void
  readonly clear: () => void
  readonly entries: () => Iterable<readonly [Key, V]>
}

/**
 * Makes a store. Reading does not move an entry: what is kept here is soon too old, and the first written is first too
 * old.
 */
export const boundedStore = <Key, V extends Weighed>(limits: Limits): BoundedStore<Key, V> => {
  const entries = new Map<Key, V>()
  // Kept from one eviction to the next: a new one would walk again over the places of all that is gone.
  let order: MapIterator<Key> | undefined
  let bytes = 0

  const remove = (key: Key): void => {
    const value = entries.get(key)
    if (value === undefined) return
    entries.delete(key)
    bytes -= value.bytes
  }

  const removeOldest = (): void => {
    order ??= entries.keys()
    const oldest = order.next()
    if (oldest.done) order = undefined
    else remove(oldest.value)
  }

  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      remove(key)
      // It would drive out all the others, and itself.
      if (value.bytes > limits.bytes) return
      entries.set(key, value)
      bytes += value.bytes
      while (entries.size > limits.entries || (bytes > limits.bytes && entries.size > 0)) removeOldest()
    },
    delete: remove,
    clear: () => {
      entries.clear()
      order = undefined
      bytes = 0
    },
    entries: () => entries,
  }
}
