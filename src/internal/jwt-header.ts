/** Reads the header of a JWT without checking anything: for conditions on tokens that the server has judged. */

/**
 * Whether a server might read a part of a token as the header of a JWT. Servers decode more than the standard allows:
 * white space, a byte order mark, other characters in the base64 text. A token that only they take for a JWT would be
 * opaque here, and its forged signature would reach them.
 */
export const looksLikeHeader = (part: string): boolean => {
  // A text with white space or beyond ASCII is never sent.
  if (/[^\x21-\x7e]/.test(part)) return false
  const text = decoded(part.replace(/[^\w+/-]/g, ""))?.replaceAll("\0", "") ?? ""
  const object = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)
  // The bytes of a random opaque token hold `{}` by chance.
  if (object === "" || (object === "{}" && object !== text)) return false
  try {
    return typeof JSON.parse(object) === "object"
  } catch {
    return false
  }
}

const decoded = (base64: string): string | undefined => {
  try {
    return atob(base64.replaceAll("-", "+").replaceAll("_", "/"))
  } catch {
    return undefined
  }
}

/** Returns the header; `undefined` for a token that is no JWT. */
export const jwtHeader = (token: string): Readonly<Record<string, unknown>> | undefined => {
  if (!token.startsWith("eyJ")) return undefined
  try {
    const value: unknown = JSON.parse(decoded(token.slice(0, token.indexOf("."))) ?? "")
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
