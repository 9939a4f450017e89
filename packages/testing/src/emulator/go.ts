/** Encodes JSON as Go's `encoding/json` does: with `<`, `>`, `&`, U+2028 and U+2029 escaped. */
export const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )

const sorted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value) ? value.map(sorted) : sortedMembers({ ...value })
}

/** Sorts the members of an object at every depth, as Go does when it encodes a map. */
export const sortedMembers = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, sorted(value)]),
  )

/** Encodes a query component as Go's `url.QueryEscape` does. */
const goQueryEscape = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, "+")

/** Encodes a query as Go's `url.Values.Encode` does: sorted by name. */
export const goQuery = (query: URLSearchParams): string => {
  const names = [...new Set(query.keys())].sort()
  return names
    .flatMap((name) => query.getAll(name).map((value) => `${goQueryEscape(name)}=${goQueryEscape(value)}`))
    .join("&")
}

/** Returns `target` with some query parameters replaced, and the query encoded as Go does. */
export const withQuery = (target: string, values: Readonly<Record<string, string>>): string => {
  const [base = "", query = ""] = target.split("?", 2)
  const merged = new URLSearchParams(query)
  for (const [name, value] of Object.entries(values)) merged.set(name, value)
  const encoded = goQuery(merged)
  return encoded === "" ? base : `${base}?${encoded}`
}

/** Decodes a query component as Go's `url.QueryUnescape` does; `undefined` if an escape is malformed. */
export const goQueryUnescape = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    return undefined
  }
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
}

/** A parsed duration, or the error message of Go's `time.ParseDuration`. */
export type Duration = { readonly seconds: number } | { readonly problem: string }

const maxSeconds = 2 ** 63 / 1e9

/** Parses a Go duration, such as `1h30m`, `45s` or `1.5h`. Go has no unit for days. */
export const parseDuration = (text: string): Duration => {
  const invalid: Duration = { problem: `time: invalid duration "${text}"` }
  const sign = text.startsWith("-") ? -1 : 1
  let rest = text.replace(/^[+-]/, "")
  if (rest === "0") return { seconds: 0 }
  if (rest === "") return invalid
  let seconds = 0
  while (rest !== "") {
    const term = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest)
    if (term === null) return invalid
    const [matched, amount = "", unit = ""] = term
    if (unit === "") return { problem: `time: missing unit in duration "${text}"` }
    const size = units[unit]
    if (size === undefined) return { problem: `time: unknown unit "${unit}" in duration "${text}"` }
    seconds += Number(amount) * size
    rest = rest.slice(matched.length)
  }
  // Go counts nanoseconds in 64 bits: 292 years.
  if (seconds >= maxSeconds) return invalid
  return { seconds: sign * seconds }
}

const trimmed = (value: number) => String(Number(value.toFixed(9)))

/** Formats seconds as a Go duration, such as `1h0m0s`, `1m30s`, `1.5s` or `45ms`. */
export const formatDuration = (seconds: number): string => {
  if (seconds === 0) return "0s"
  const sign = seconds < 0 ? "-" : ""
  const size = Math.abs(seconds)
  if (size < 1e-6) return `${sign}${trimmed(size * 1e9)}ns`
  if (size < 1e-3) return `${sign}${trimmed(size * 1e6)}µs`
  if (size < 1) return `${sign}${trimmed(size * 1e3)}ms`
  const hours = Math.floor(size / 3600)
  const minutes = Math.floor((size % 3600) / 60)
  const rest = `${trimmed(size % 60)}s`
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}`
  return minutes > 0 ? `${sign}${minutes}m${rest}` : `${sign}${rest}`
}
