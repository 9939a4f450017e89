/** A token check under test. */
export interface Checker {
  /** Checks a token, synchronously or with a promise; may throw for an invalid token. */
  readonly check: (token: string) => unknown
  /** Tells whether a result of `check` means that the token is valid. */
  readonly isGood: (result: unknown) => boolean
}

/** The `make` export of such peers: makes a checker that has seen no token. */
export type MakeChecker<Input> = (input: Input) => Promise<Checker>
