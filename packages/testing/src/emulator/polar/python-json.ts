/** The value of a JSON text, or the position and the message of the error with which Python's parser rejects it. */
export type PythonJson = { readonly value: unknown } | { readonly position: number; readonly error: string }

class DecodeError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

const spaces = (text: string, at: number): number => at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0)

/** Returns the position after a string. `at` is the position of its first quote. */
const afterString = (text: string, at: number): number => {
  for (let index = at + 1; index < text.length; index++) {
    const character = text[index] ?? ""
    if (character === '"') return index + 1
    if (character < " ") throw new DecodeError("Invalid control character at", index)
    if (character !== "\\") continue
    index += 1
    if (text[index] === "u" && !/^[0-9a-f]{4}/i.test(text.slice(index + 1))) {
      throw new DecodeError("Invalid \\uXXXX escape", index + 1)
    }
    if (index < text.length && !/["\\/bfnrtu]/.test(text[index] ?? "")) {
      throw new DecodeError("Invalid \\escape", index - 1)
    }
  }
  throw new DecodeError("Unterminated string starting at", at)
}

const afterPair = (text: string, at: number): number => {
  if (text[at] !== '"') throw new DecodeError("Expecting property name enclosed in double quotes", at)
  const colon = spaces(text, afterString(text, at))
  if (text[colon] !== ":") throw new DecodeError("Expecting ':' delimiter", colon)
  return afterValue(text, spaces(text, colon + 1))
}

/** Returns the position after the members of an object or a list. `at` is the position after its bracket. */
const afterMembers = (text: string, at: number, end: string, next: (text: string, at: number) => number): number => {
  let index = spaces(text, at)
  if (text[index] === end) return index + 1
  for (;;) {
    index = spaces(text, next(text, index))
    if (text[index] === end) return index + 1
    if (text[index] !== ",") throw new DecodeError("Expecting ',' delimiter", index)
    index = spaces(text, index + 1)
  }
}

const afterValue = (text: string, at: number): number => {
  if (text[at] === '"') return afterString(text, at)
  if (text[at] === "{") return afterMembers(text, at + 1, "}", afterPair)
  if (text[at] === "[") return afterMembers(text, at + 1, "]", afterValue)
  const scalar = /^(null|true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/.exec(text.slice(at))?.[0]
  if (scalar === undefined) throw new DecodeError("Expecting value", at)
  return at + scalar.length
}

/** Parses JSON with the errors of Python's `json.loads`. */
export const parsePythonJson = (text: string): PythonJson => {
  try {
    const end = spaces(text, afterValue(text, spaces(text, 0)))
    if (end < text.length) throw new DecodeError("Extra data", end)
    return { value: JSON.parse(text) }
  } catch (error) {
    return error instanceof DecodeError
      ? { position: error.position, error: error.message }
      : { position: 0, error: "Expecting value" }
  }
}
