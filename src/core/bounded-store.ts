/** What is remembered, bounded in entries and in bytes; the oldest goes first. */
import { doubled, fewest, nameIndex } from "./name-index.ts"

/** A value that knows how much it weighs. */
export interface Weighed {
  readonly bytes: number
}

export interface Limits {
  readonly entries: number
  readonly bytes: number
}

export interface BoundedStore<Name extends string, V extends Weighed> {
  readonly get: (name: Name) => V | undefined
  /** Puts a value last in line, in place of the one that was there. */
  readonly set: (name: Name, value: V) => void
  readonly delete: (name: Name) => void
  readonly clear: () => void
  /** From the oldest to the latest. */
  readonly entries: () => ReadonlyArray<readonly [Name, V]>
}

const none = -1

/**
 * Makes a store. Reading does not move an entry: what is kept here is soon too old, and the first written is first too
 * old.
 *
 * Every entry has a place in some arrays. A `Map` in which every new entry drives out an old one takes several times as
 * long: each look-up and each removal waits for memory that has not been touched for a while (decision 0017).
 */
export const boundedStore = <Name extends string, V extends Weighed>(limits: Limits): BoundedStore<Name, V> => {
  const index = nameIndex<Name>()
  const values: Array<V | undefined> = []
  /** The chain of those that are there, and by `newer` also that of the free places. */
  let older = new Int32Array(fewest)
  let newer = new Int32Array(fewest)
  let oldest = none
  let latest = none
  let free = none
  let size = 0
  let bytes = 0

  const add = (name: Name, value: V): void => {
    const place = free === none ? values.length : free
    if (free !== none) free = newer[free] as number
    if (place === newer.length) {
      older = doubled(older)
      newer = doubled(newer)
    }
    index.put(name, place)
    values[place] = value
    older[place] = latest
    newer[place] = none
    if (latest === none) oldest = place
    else newer[latest] = place
    latest = place
    size += 1
    bytes += value.bytes
  }

  const remove = (place: number): void => {
    bytes -= values[place]?.bytes ?? 0
    const before = older[place] as number
    const after = newer[place] as number
    if (before === none) oldest = after
    else newer[before] = after
    if (after === none) latest = before
    else older[after] = before
    index.drop(place)
    values[place] = undefined
    newer[place] = free
    free = place
    size -= 1
  }

  const forget = (name: Name): void => {
    const place = index.find(name)
    if (place !== none) remove(place)
  }

  return {
    get: (name) => {
      const place = index.find(name)
      return place === none ? undefined : values[place]
    },
    set: (name, value) => {
      forget(name)
      add(name, value)
      while (size > limits.entries || (bytes > limits.bytes && size > 0)) remove(oldest)
    },
    delete: forget,
    clear: () => {
      while (size > 0) remove(oldest)
    },
    entries: () => {
      const found: Array<readonly [Name, V]> = []
      for (let place = oldest; place !== none; place = newer[place] as number)
        found.push([index.nameAt(place) as Name, values[place] as V])
      return found
    },
  }
}
