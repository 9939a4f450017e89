/** How many passes over the tokens are thrown away, and how many count. */
export interface Passes {
  readonly warmUp: number
  readonly counted: number
  /** How often each token is checked within a pass. */
  readonly repeats: number
}

/** All that a measured process works on. */
export interface Job {
  /** What every peer is made of. */
  readonly given: unknown
  /** Good ones that are checked before time is taken: for the keys, or all of them where they are to have been seen. */
  readonly before: ReadonlyArray<string>
  readonly tokens: ReadonlyArray<string>
  /** One that is no good, so that a peer which checks nothing is found out. */
  readonly wrong: string
  /** Whether every pass has a checker of its own, to which the tokens are new again. A service has one for all. */
  readonly anew: boolean
  readonly passes: Passes
}
