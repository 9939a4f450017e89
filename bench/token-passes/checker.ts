/** One way to find out what a token is worth, as a measured process sees it. */
export interface Checker {
  /** Checks a token; at once, or with a promise. May throw for one that it refuses. */
  readonly check: (token: string) => unknown
  /** Tells whether an answer of `check` means that the token is good. */
  readonly isGood: (answer: unknown) => boolean
}

/** What the files of such peers export as `make`: a checker that has seen no token yet. */
export type MakeChecker<Given> = (given: Given) => Promise<Checker>
