/** The members that each of Kinde's access tokens has. The token endpoint once issued an access token without them. */

/** Whether an issued access token has a key id, an issuer and an expiry. */
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
