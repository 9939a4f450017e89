/** A map that is bounded in entries and in bytes. It evicts the oldest entry first. */

/** A value with its size. */
export interface Sized {
  readonly bytes: number
}

export interface Limits {
  readonly entries: number
  readonly bytes: number
}

export interface BoundedStore<Key, V extends Sized> {
  readonly get: (key: Key) => V | undefined
  /** Stores a value as the newest entry, in place of an earlier one. */
  readonly set: (key: Key, value: V) => void
  readonly delete: (key: Key) => void
  readonly clear: () => void
  readonly entries: () => Iterable<readonly [Key, V]>
}

/**
 * Makes a store. `evicted` is called with each value that is removed to make space.
 *
 * Reading does not change the order: entries have one lifetime, so the entry that was written first expires first.
 */
export const boundedStore = <Key, V extends Sized>(
  limits: Limits,
  evicted?: (value: V) => void,
): BoundedStore<Key, V> => {
  const entries = new Map<Key, V>()
  // Kept between evictions: a new iterator would walk over the places of all deleted entries.
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
    if (oldest.done) {
      order = undefined
      return
    }
    const value = entries.get(oldest.value)
    remove(oldest.value)
    if (value !== undefined) evicted?.(value)
  }

  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      remove(key)
      // It would evict every other entry, and then itself.
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
