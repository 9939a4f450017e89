/** One replacement in a source file. */
export interface Edit {
  /** Path from the root of the project. */
  readonly file: string
  /** The exact text, which must occur exactly once. */
  readonly find: string
  readonly replace: string
}

/** A defect that the tests must notice. */
export interface Fault extends Edit {
  /** A sentence that states the defect. */
  readonly name: string
  /** Further replacements that the defect requires. */
  readonly also?: ReadonlyArray<Edit>
  /** The test files that must catch the fault; `"types"`: the compiler must. */
  readonly tests: ReadonlyArray<string> | "types"
}
