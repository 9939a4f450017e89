/** The `maxAge` that a call asks for. */

/** Returns the `maxAge` of a freshness, in milliseconds. */
export const maxAgeOf = (freshness: string | { readonly maxAge?: number }): number | undefined =>
  typeof freshness === "string" || freshness.maxAge === undefined ? undefined : freshness.maxAge * 1000

/** Returns the `maxAge` of options that hold nothing else, in milliseconds. */
export const onlyMaxAge = (options: unknown): number | undefined => {
  if (typeof options !== "object" || options === null) return undefined
  if (!("freshness" in options) || Object.keys(options).length > 1) return undefined
  const { freshness } = options
  if (typeof freshness !== "object" || freshness === null || Object.keys(freshness).length > 1) return undefined
  return "maxAge" in freshness &&
    typeof freshness.maxAge === "number" &&
    freshness.maxAge >= 0 &&
    freshness.maxAge < Number.POSITIVE_INFINITY
    ? freshness.maxAge * 1000
    : undefined
}
