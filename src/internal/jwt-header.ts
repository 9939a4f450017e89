/** Reads the parts of a JWT without checking anything: for conditions on tokens that the server has judged. */

type Json = Readonly<Record<string, unknown>>

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
export const jwtHeader = (token: string): Json | undefined => (token.startsWith("eyJ") ? partOf(token, 0) : undefined)

/** Returns the claims; `undefined` for a token that is no JWT, or an encrypted one. */
export const jwtClaims = (token: string): Json | undefined => (token.startsWith("eyJ") ? partOf(token, 1) : undefined)

const partOf = (token: string, index: number): Json | undefined => {
  try {
    const part = token.split(".", index + 1)[index] ?? ""
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === "object" && value !== null ? (value as Json) : undefined
  } catch {
    return undefined
  }
}
