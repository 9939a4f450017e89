/** Taking one datum out of data. */

type Path = ReadonlyArray<string>

/** What a rule, a row or an issuer of a list consists of. Without it the entry would say nothing. */
const requiredMembers: ReadonlySet<string> = new Set(["name", "use", "issuer", "reason"])

/**
 * The path of every datum: a member; one entry of a list that has several; and in an entry of a list that is an object, a
 * member that the entry can be without.
 */
export const dataOf = (data: object, path: Path = []): ReadonlyArray<Path> =>
  Object.entries(data).flatMap(([name, value]) => dataAt(value, [...path, name]))

const dataAt = (value: unknown, here: Path): ReadonlyArray<Path> => {
  if (Array.isArray(value)) return [...(value.length > 1 ? [] : [here]), ...value.flatMap(entryAt(here, value.length))]
  return isObject(value) ? dataOf(value, here) : [here]
}

const entryAt =
  (list: Path, length: number) =>
  (entry: unknown, at: number): ReadonlyArray<Path> => {
    const here = [...list, String(at)]
    const inner = isObject(entry)
      ? Object.entries(entry)
          .filter(([name]) => !requiredMembers.has(name))
          .flatMap(([name, value]) => memberAt(value, [...here, name]))
      : []
    return [...(length > 1 ? [here] : []), ...inner]
  }

/** A member of an entry. A list of several values can lose one of them, or all. */
const memberAt = (value: unknown, here: Path): ReadonlyArray<Path> =>
  Array.isArray(value) && value.length > 1 ? [here, ...value.map((_, at) => [...here, String(at)])] : [here]

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Returns a copy of data without the datum at a path. An object that would be empty goes too. */
export const without = (value: unknown, [first = "", ...rest]: Path): unknown => {
  if (Array.isArray(value))
    return value.flatMap((entry: unknown, at) =>
      String(at) !== first ? [entry] : rest.length === 0 ? [] : [without(entry, rest)],
    )
  const { [first]: member, ...others } = value as Readonly<Record<string, unknown>>
  const inner = rest.length === 0 ? undefined : without(member, rest)
  return isObject(inner) && Object.keys(inner).length > 0 ? { ...others, [first]: inner } : others
}
