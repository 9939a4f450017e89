/** The `maxAge` that a call asks for. */
import { millisOf } from "../../internal/duration.ts"
import { memoizeLast } from "../../internal/memoize-last.ts"

/** Reads the `maxAge` of calls, in milliseconds. */
export interface MaxAges {
  /** Returns the `maxAge` of a freshness. */
  readonly of: (freshness: string | object) => number | undefined
  /** Returns the `maxAge` of options that hold nothing else. */
  readonly only: (options: unknown) => number | undefined
}

/** Makes the reading. Most calls of one service repeat one duration. */
export const makeMaxAges = (): MaxAges => {
  const read = memoizeLast(millisOf)
  return {
    of: (freshness) => (typeof freshness === "object" && "maxAge" in freshness ? read(freshness.maxAge) : undefined),
    only: (options) => {
      if (typeof options !== "object" || options === null) return undefined
      if (!("freshness" in options) || Object.keys(options).length > 1) return undefined
      const { freshness } = options
      if (typeof freshness !== "object" || freshness === null || Object.keys(freshness).length > 1) return undefined
      return "maxAge" in freshness ? read(freshness.maxAge) : undefined
    },
  }
}
