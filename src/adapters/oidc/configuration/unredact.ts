/** A configuration with its secrets in the clear, for nothing but a one-way name of it. */
import * as Redacted from "effect/Redacted"

/** Puts what is Redacted in the clear, however deep it is. */
export const plainly = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return Redacted.value(value)
  if (Array.isArray(value)) return value.map(plainly)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainly(member)]))
}
