/** Reads the access token of a request (RFC 6750 section 2.1, RFC 9449 section 7.1). */
import type { Situation } from "./situations.ts"

/** The access token, and the scheme that it came with. */
export interface Credentials {
  readonly scheme: "bearer" | "dpop"
  readonly token: string
}

/** The longest token, in characters. A longer one is refused without a request. */
const maxLength = 8192

/** `b64token` of RFC 6750 section 2.1, which is `token68` of RFC 9110. */
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/

/** After a comma: the scheme and the first character of further credentials. A parameter has `=` after its name. */
const furtherCredentials = /,\s*[!#$%&'*+.^_`|~\w-]+\s+[^\s=,]/

/**
 * Reads the credentials of a request. Several `Authorization` lines are joined by ", ", as `fetch` joins them. The
 * characters of the token are not checked: {@link problemOfToken} does that.
 *
 * @param authorization the header's value; `undefined` without the header
 * @param target path and query of the request. A token in the query is never read.
 * @param acceptsProofs whether the scheme `DPoP` is accepted
 */
export const credentialsOf = (
  authorization: string | undefined,
  target: string,
  acceptsProofs: boolean,
): Credentials | Situation => {
  const hasQueryToken = mayHaveQueryToken(target) && queryHasToken(target)
  if (authorization === undefined || authorization === "") return hasQueryToken ? "token-in-query" : "no-credentials"
  const space = authorization.indexOf(" ")
  const scheme = schemeOf(space === -1 ? authorization : authorization.slice(0, space), acceptsProofs)
  if (scheme === undefined) return furtherCredentials.test(authorization) ? "two-credentials" : "other-scheme"
  if (hasQueryToken) return "two-credentials"
  const token = space === -1 ? "" : withoutSpaces(authorization.slice(space + 1))
  if (token.length > maxLength) return token.includes(",") ? "two-credentials" : "token-too-long"
  return { scheme, token }
}

/** Spaces only (RFC 6750 section 2.1): `trimStart` would remove tabs and non-breaking spaces too. */
const withoutSpaces = (text: string): string => (text.startsWith(" ") ? text.replace(/^ +/, "") : text)

/**
 * Returns the problem of a token whose characters are not those of `token68`. To read them all takes a fifth of the time
 * of a decision, and a known token does not need it.
 */
export const problemOfToken = (token: string): Situation | undefined => {
  if (token68.test(token)) return undefined
  return token.includes(",") ? "two-credentials" : "malformed-credentials"
}

/** Schemes are case-insensitive (RFC 9110 section 11.1). */
const schemeOf = (name: string, acceptsProofs: boolean): Credentials["scheme"] | undefined => {
  if (name === "Bearer") return "bearer"
  const lower = name.length > 6 ? "" : name.toLowerCase()
  if (lower === "bearer") return "bearer"
  return lower === "dpop" && acceptsProofs ? "dpop" : undefined
}

/** Returns whether a header has the scheme `DPoP`, with a token or with anything else. */
export const isDpop = (authorization: string | undefined): boolean => /^dpop(?: |$)/i.test(authorization ?? "")

const mayHaveQueryToken = (target: string): boolean => target.includes("?")

/** Whether the query has a parameter `access_token`, however its name is encoded. */
const queryHasToken = (target: string): boolean => {
  const query = target.slice(target.indexOf("?") + 1)
  return (query.includes("access_token") || query.includes("%")) && new URLSearchParams(query).has("access_token")
}
