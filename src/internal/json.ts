/** Reading JSON that somebody else wrote. */

/** Parses JSON, without the member that would change what is made of a copy: `__proto__`. Throws where it is none. */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__"))
    Reflect.deleteProperty(value, "__proto__")
  return value
}
