/** Reading the secrets of a configuration, only to hash them. */
import * as Redacted from "effect/Redacted"

/** Replaces every `Redacted` value by its content, at any depth. */
export const unredact = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return Redacted.value(value)
  if (Array.isArray(value)) return value.map(unredact)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unredact(member)]))
}
