/**
 * The size budgets of what is published. Raise a budget only with the reason in its comment.
 *
 * `code` is the JavaScript that an entry loads from its own package on Node, in bytes, without maps and dependencies.
 */
export interface PackageBudget {
  /** The folder of the package, from the root. */
  readonly folder: string
  /** The largest tarball, in bytes. */
  readonly packed: number
  readonly files: number
  /** The largest code of each entry, in bytes. */
  readonly code: Readonly<Record<string, number>>
}

export const budgets: ReadonlyArray<PackageBudget> = [
  {
    folder: ".",
    // The limit of the first release.
    packed: 600_000,
    files: 500,
    code: {},
  },
  {
    folder: "packages/testing",
    // The emulators of three vendors and the contract, with source maps.
    packed: 400_000,
    files: 300,
    code: {},
  },
]
