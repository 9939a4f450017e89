/** What an answer was read from: a text weighs less than all that is made of it, and can be read again. */
import type { TokenState } from "../ports/introspection.ts"

/** Makes an answer once more. */
export interface Original {
  /** What keeping it takes, in bytes, with the answer that may be made of it; estimated. */
  readonly bytes: number
  /** Makes the same answer, as an object that has nothing in common with the first. */
  readonly again: () => TokenState
}

/** Only the latest: whoever remembers an answer does so right after it was read, and a map of all costs a tenth of a call. */
let latest: { readonly state: TokenState; readonly original: Original } | undefined

/** Says what an answer was read from. */
export const withOriginal = <State extends TokenState>(state: State, original: Original): State => {
  latest = { state, original }
  return state
}

/** What an answer was read from, if whoever read it has said so and no other has been read since. */
export const originalOf = (state: TokenState): Original | undefined => {
  const original = latest?.state === state ? latest.original : undefined
  latest = undefined
  return original
}
