/** The text of a token state in a fleet. */
import { parseJson } from "../../internal/json.ts"
import { type SourceText, withSourceText } from "../../internal/source-text.ts"
import type { ActiveToken, TokenState } from "../../ports/introspection.ts"

const dates = ["issuedAt", "notBefore", "expiresAt", "authTime"] as const
const sourceDates = ["live", "local"] as const

/** Returns the text of a token state. */
export const sharedText = (state: TokenState): string => JSON.stringify(state)

/** Bytes for each character of a text and the token state parsed from it, and in addition. */
const bytesPerCharacter = 4
const baseBytes = 1200

/** A text of the fleet. A class, because the cache holds one for each entry. */
class SharedText implements SourceText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get bytes(): number {
    return bytesPerCharacter * this.#text.length + baseBytes
  }

  reparse(): TokenState {
    return parsed(this.#text)
  }
}

/** Reads the text of a token state, which only the processes of the fleet write. */
export const readSharedText = (text: string): TokenState => withSourceText(parsed(text), new SharedText(text))

/** Restores the text from which the cache parses a state again, if another state was parsed in between. */
export const withSharedText = (state: TokenState, text: string): TokenState =>
  withSourceText(state, new SharedText(text))

const parsed = (text: string): TokenState => {
  const state = parseJson(text) as TokenState
  if (!state.active) return { active: false }
  const source = withDates(state.source, sourceDates)
  return { ...withDates<ActiveToken>(state, dates), source }
}

/** Replaces texts of dates by dates. */
const withDates = <A extends object>(value: A, names: ReadonlyArray<keyof A>): A => {
  const read = names.flatMap((name) => {
    const text = value[name]
    return typeof text === "string" ? [[name, new Date(text)]] : []
  })
  return { ...value, ...Object.fromEntries(read) }
}
