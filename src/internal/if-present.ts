/** The function with which a guard gets a result that is available without I/O, synchronously. */

/** The member of `introspect` of the Promise API that holds the function. A symbol: it is not part of the API. */
export const ifPresentOf: unique symbol = Symbol.for("latchkey/if-present") as typeof ifPresentOf

export interface IfPresent {
  /**
   * Returns the result of a call with these arguments, or `undefined` if the call must be made; or a promise of one of them.
   */
  readonly [ifPresentOf]: (args: ReadonlyArray<unknown>) => unknown
}
