/** The text that a token state was parsed from: it takes less memory than the parsed objects, and can be parsed again. */
import type { TokenState } from "../ports/introspection.ts"

export interface SourceText {
  /** Estimated bytes of the text and of the token state that may be parsed from it. */
  readonly bytes: number
  /** Parses the text again. The result shares no object with an earlier one. */
  readonly reparse: () => TokenState
}

/** Only the last one: the introspection cache reads it right after the response is parsed, and a map would cost 10 % of a call. */
let last: { readonly state: TokenState; readonly source: SourceText } | undefined

/** Records the text that a token state was parsed from, and returns the token state. */
export const withSourceText = <State extends TokenState>(state: State, source: SourceText): State => {
  last = { state, source }
  return state
}

/** Returns the text that a token state was parsed from, if no other token state was recorded in between. */
export const sourceTextOf = (state: TokenState): SourceText | undefined => {
  const source = last?.state === state ? last.source : undefined
  last = undefined
  return source
}
