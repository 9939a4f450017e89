/** Returns a function that remembers its last result, for callers that repeat one argument. */
export const memoizeLast = <Argument, Result>(
  compute: (argument: Argument) => Result,
): ((argument: Argument) => Result) => {
  let last: { readonly argument: Argument; readonly result: Result } | undefined
  return (argument) => {
    if (last === undefined || last.argument !== argument) last = { argument, result: compute(argument) }
    return last.result
  }
}
