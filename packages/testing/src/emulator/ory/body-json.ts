export type BodyJson = { readonly json: unknown } | { readonly problem: string }

/** Where the first JSON value of a text ends; undefined when it does not. */
const endOfFirstValue = (text: string): number | undefined => {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (quoted) {
      if (character === "\\") at += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === "{" || character === "[") depth += 1
    else if (character === "}" || character === "]") depth -= 1
    if (!quoted && depth === 0 && /["}\]]/.test(character ?? "")) return at + 1
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

/** Parses a body as Go's decoder does: what follows the first value is ignored, a broken one named in Go's words. */
export const parseBody = (body: string): BodyJson => {
  const text = body.trimStart()
  if (text === "") return { problem: "EOF" }
  const whole = parse(text)
  if (whole !== undefined) return whole
  if (!/^[[{"]/.test(text)) return { problem: `invalid character '${text[0]}' looking for beginning of value` }
  const end = endOfFirstValue(text)
  if (end === undefined) return { problem: "unexpected EOF" }
  const first = parse(text.slice(0, end))
  if (first !== undefined) return first
  const trailing = /,\s*([}\]])/.exec(text)?.[1]
  if (trailing === "}") return { problem: "invalid character '}' looking for beginning of object key string" }
  return { problem: `invalid character '${trailing ?? "?"}' looking for beginning of value` }
}

/** What is wrong with a text that should be an RFC 3339 time, in Go's words. */
export const timeProblem = (text: string): string | undefined => {
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) return undefined
  return `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${text}" as "2006"`
}
