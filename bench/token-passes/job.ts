/** The number of warm-up passes and of counted passes over the tokens. */
export interface Passes {
  readonly warmUp: number
  readonly counted: number
  /** The number of checks per token in a pass. */
  readonly repeats: number
}

/** The work of a measured process. */
export interface Job {
  /** The input for making a peer. */
  readonly input: unknown
  /** Valid tokens that are checked before each measurement: one to fetch the keys, or all to fill the cache. */
  readonly primed: ReadonlyArray<string>
  readonly tokens: ReadonlyArray<string>
  /** An invalid token, which detects a peer that checks nothing. */
  readonly invalid: string
  /** Makes a new checker for every pass, so that the tokens are new to it; a service uses one checker. */
  readonly newCheckerPerPass: boolean
  readonly passes: Passes
}
