/** Reads the parts of a JWT without checking anything: for conditions on tokens that the server has judged. */

type Json = Readonly<Record<string, unknown>>

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
