/** The result of parsing a body: its JSON value or an error message. */
export type BodyJson = { readonly json: unknown } | { readonly problem: string }

/** Returns the position after the first JSON value of a text, or `undefined` if the value is incomplete. */
const endOfFirstValue = (text: string): number | undefined => {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (isInString) {
      if (character === "\\") index += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === "{" || character === "[") depth += 1
    else if (character === "}" || character === "]") depth -= 1
    if (!isInString && depth === 0 && /["}\]]/.test(character ?? "")) return index + 1
  }
  return undefined
}

const parse = (text: string): BodyJson | undefined => {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Parses a body like Go's decoder: it ignores text after the first value, and errors have Go's messages. */
export const parseBody = (body: string): BodyJson => {
  const text = body.trimStart()
  if (text === "") return { problem: "EOF" }
  const value = parse(text)
  if (value !== undefined) return value
  if (!/^[[{"]/.test(text)) return { problem: `invalid character '${text[0]}' looking for beginning of value` }
  const end = endOfFirstValue(text)
  if (end === undefined) return { problem: "unexpected EOF" }
  const firstValue = parse(text.slice(0, end))
  if (firstValue !== undefined) return firstValue
  const trailing = /,\s*([}\]])/.exec(text)?.[1]
  if (trailing === "}") return { problem: "invalid character '}' looking for beginning of object key string" }
  return { problem: `invalid character '${trailing ?? "?"}' looking for beginning of value` }
}

/** Returns Go's error message for a text that is not an RFC 3339 time. */
export const timeProblem = (text: string): string | undefined => {
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) return undefined
  return `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${text}" as "2006"`
}
