/** What is put beside a key; the store under test wants to know what it weighs. */
export interface Value {
  readonly bytes: number
}

/** One way to remember values, as a measured process sees it. */
export interface Store {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => unknown
}

/** What every file in `peers/` exports as `make`: an empty store with room for this many. */
export type MakeStore = (entries: number) => Promise<Store>
