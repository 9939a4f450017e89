/** A stored value; the store under test reads its size. */
export interface Value {
  readonly bytes: number
}

/** A store under test. */
export interface Store {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => unknown
}

/** The `make` export of every file in `peers/`: makes an empty store with room for this many entries. */
export type MakeStore = (entries: number) => Promise<Store>
