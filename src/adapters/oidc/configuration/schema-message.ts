/** Messages in place of those of zod: they say what was expected and what was found. */
import type { z } from "zod"

/** The types of zod, as a message names them. */
const types: Readonly<Record<string, string>> = {
  array: "an array",
  boolean: "true or false",
  date: "a Date",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a string",
}

/** Names the type of a value. The value itself is never shown, because it may be a secret in the wrong place. */
const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : (types[typeof value] ?? typeof value)

/** Names the smallest or the largest size of a value. */
const sizeOf = (limit: "least" | "most", origin: string, size: number | bigint): string => {
  if (limit === "least" && origin === "string" && size === 1) return "expected a string that is not empty"
  const unit = origin === "array" ? " members" : origin === "string" ? " characters" : ""
  return `expected at ${limit} ${size}${unit}`
}

/** Returns the message of a problem; `undefined` keeps the message of zod. A schema with its own message keeps it. */
export const schemaMessage: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type": {
      if (issue.input === undefined && (issue.path?.length ?? 0) > 0) return "required"
      return `expected ${types[issue.expected] ?? issue.expected}, found ${typeOf(issue.input)}`
    }
    case "invalid_value": {
      const values = issue.values.map((value) => JSON.stringify(value)).join(", ")
      return `expected ${issue.values.length > 1 ? "one of " : ""}${values}`
    }
    case "invalid_format":
      return issue.format === "url" ? 'expected a URL with its scheme, such as "https://id.example"' : undefined
    case "too_small":
      return sizeOf("least", issue.origin, issue.minimum)
    case "too_big":
      return sizeOf("most", issue.origin, issue.maximum)
    default:
      return undefined
  }
}
