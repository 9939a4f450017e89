/** Parsing JSON from an untrusted source. */

/**
 * Parses JSON and deletes an own `__proto__` member of the result, which would set the prototype of a copy.
 *
 * Throws a `SyntaxError` for text that is not JSON.
 */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__"))
    Reflect.deleteProperty(value, "__proto__")
  return value
}

/** Parses JSON; `undefined` for text that is not JSON. */
export const readJson = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
