/** What every access token of Kinde's has: the token endpoint once answered success with one that had none of it. */

/** Says whether an access token just issued names its key, its issuer and its end. */
export const plausible = (token: string): boolean => {
  const [header, payload] = token.split(".").map(fields)
  return typeof header?.kid === "string" && typeof payload?.iss === "string" && typeof payload.exp === "number"
}

const fields = (part: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")))
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
