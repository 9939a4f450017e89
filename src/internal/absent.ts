/** The members of a response that are sent, but hold nothing. */

type Members = Readonly<Record<string, unknown>>

/**
 * Whether a value counts as absent: `null`, or an empty string. Servers whose language has no absent members, such as Go,
 * send these in place of a member that is not set.
 */
export const isAbsent = (value: unknown): value is undefined | null | "" =>
  value === undefined || value === null || value === ""

/** An empty `scope` is an empty list (RFC 6749 section 3.3), and means something else than a missing one. */
const mayBeEmpty = "scope"

/** The records that `withoutAbsent` copied, by their copies. */
const originals = new WeakMap<object, Members>()

/** Returns a record without its absent members: the same object if it has none. Nested records are not changed. */
export const withoutAbsent = (record: Members): Members => {
  const names = Object.keys(record)
  const present = names.filter((name) => !isAbsent(record[name]) || (name === mayBeEmpty && record[name] === ""))
  if (present.length === names.length) return record
  const copy = Object.fromEntries(present.map((name) => [name, record[name]]))
  originals.set(copy, record)
  return copy
}

/** Returns a record as it was sent, with the members that `withoutAbsent` removed. */
export const asSent = (record: Members): Members => originals.get(record) ?? record
