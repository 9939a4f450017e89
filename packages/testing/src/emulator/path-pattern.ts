/** Paths with placeholders, such as `/clients/{id}`. */

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The placeholders of a path, decoded, or undefined when it is another one. An empty segment fills no placeholder. */
export const matchPath = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
  const wanted = pattern.split("/")
  const given = path.split("/")
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? ""
    if (part.startsWith("{") && segment !== "") params[part.slice(1, -1)] = decode(segment)
    else if (part !== segment) return undefined
  }
  return params
}
