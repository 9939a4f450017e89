/** Matching of paths with placeholders, such as `/clients/{id}`. */

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Returns the decoded values of the placeholders; `undefined` if the path does not match. A value is never empty. */
export const matchPath = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
  const expected = pattern.split("/")
  const segments = path.split("/")
  if (expected.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of expected.entries()) {
    const segment = segments[index] ?? ""
    if (part.startsWith("{") && segment !== "") params[part.slice(1, -1)] = decode(segment)
    else if (part !== segment) return undefined
  }
  return params
}
