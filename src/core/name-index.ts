/** Finding places by name: a table of numbers, in which a look-up that finds nothing mostly touches one of them. */

export interface NameIndex<Name extends string> {
  /** The place of a name, or -1. */
  readonly find: (name: Name) => number
  /** Notes the place of a name that has none yet, and which is no other's. */
  readonly put: (name: Name, place: number) => void
  readonly nameAt: (place: number) => Name | undefined
  /** Forgets the name at a place. */
  readonly drop: (place: number) => void
}

/** How many places there is room for at first; a power of two, as every later number of them. */
export const fewest = 16

/** The same numbers, with room for as many more. */
export const doubled = (numbers: Int32Array): Int32Array<ArrayBuffer> => {
  const more = new Int32Array(numbers.length * 2)
  more.set(numbers)
  return more
}

/**
 * Makes an index of one-way names, such as hashes of tokens: eight letters of one tell it from nearly all others. Other
 * names are found as well, only later.
 *
 * Open addressing with linear probing: a cell holds a place and one more, or zero, and at least half of them hold zero.
 */
export const nameIndex = <Name extends string>(): NameIndex<Name> => {
  let cells = new Int32Array(fewest)
  let mask = cells.length - 1
  let size = 0
  const names: Array<Name | undefined> = []
  let hashes = new Int32Array(fewest)

  const homeOf = (place: number): number => (hashes[place] as number) & mask

  const enter = (place: number): void => {
    let cell = homeOf(place)
    while (cells[cell] !== 0) cell = (cell + 1) & mask
    cells[cell] = place + 1
  }

  const widen = (): void => {
    const before = cells
    cells = new Int32Array(before.length * 2)
    mask = cells.length - 1
    for (const held of before) if (held !== 0) enter(held - 1)
  }

  return {
    find: (name) => {
      const hash = hashOf(name)
      for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
        const place = (cells[cell] as number) - 1
        if (place === -1 || (hashes[place] === hash && names[place] === name)) return place
      }
    },
    put: (name, place) => {
      if (place === hashes.length) hashes = doubled(hashes)
      names[place] = name
      hashes[place] = hashOf(name)
      size += 1
      if (size * 2 > cells.length) widen()
      enter(place)
    },
    nameAt: (place) => names[place],
    drop: (place) => {
      let hole = homeOf(place)
      while (cells[hole] !== place + 1) hole = (hole + 1) & mask
      // What stands further on because these cells were taken moves up, or it would not be found.
      for (let cell = (hole + 1) & mask; cells[cell] !== 0; cell = (cell + 1) & mask) {
        const home = homeOf((cells[cell] as number) - 1)
        if (((cell - home) & mask) < ((cell - hole) & mask)) continue
        cells[hole] = cells[cell] as number
        hole = cell
      }
      cells[hole] = 0
      names[place] = undefined
      size -= 1
    },
  }
}

const hashOf = (name: string): number => {
  let hash = 0
  const letters = Math.min(name.length, 8)
  // FNV-1a, with its upper bits brought down.
  for (let at = 0; at < letters; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01_00_01_93)
  return hash ^ (hash >>> 15)
}
