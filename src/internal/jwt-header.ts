/** Reads the header of a JWT without checking anything: for conditions on tokens that the server has judged. */

/** Returns the header; `undefined` for a token that is no JWT. */
export const jwtHeader = (token: string): Readonly<Record<string, unknown>> | undefined => {
  if (!token.startsWith("eyJ")) return undefined
  try {
    const value: unknown = JSON.parse(
      atob(token.slice(0, token.indexOf(".")).replaceAll("-", "+").replaceAll("_", "/")),
    )
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
