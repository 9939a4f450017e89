/** One replacement in a source file. */
export interface Edit {
  /** Path from the root of the project. */
  readonly file: string
  /** The exact text, which must be there exactly once. */
  readonly find: string
  readonly replace: string
}

/** A defect that the tests must notice. */
export interface Fault extends Edit {
  /** What is broken, as a sentence. */
  readonly name: string
  /** Further places that the defect takes. */
  readonly also?: ReadonlyArray<Edit>
  /** The test files that should notice; `"types"`: the compiler should. */
  readonly tests: ReadonlyArray<string> | "types"
}
