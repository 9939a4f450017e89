/** Taking one datum out of data. */

/** The path of every datum: a member, or one entry of a list that has several. */
export const dataOf = (data: object, path: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  Object.entries(data).flatMap(([name, value]) => {
    const here = [...path, name]
    if (Array.isArray(value)) return value.length > 1 ? value.map((_, at) => [...here, String(at)]) : [here]
    return typeof value === "object" && value !== null ? dataOf(value, here) : [here]
  })

/** Returns a copy of data without the datum at a path. */
export const without = (value: unknown, [first = "", ...rest]: ReadonlyArray<string>): unknown => {
  if (Array.isArray(value)) return value.filter((_, at) => String(at) !== first)
  const { [first]: member, ...others } = value as Readonly<Record<string, unknown>>
  return rest.length === 0 ? others : { ...others, [first]: without(member, rest) }
}
