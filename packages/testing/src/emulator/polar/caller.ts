import type { Exchange } from "../http-server.ts"
import { asciiOnly, invalidToken, notPermitted } from "./errors.ts"
import { isAccessTokenValid, pairOf } from "./pairs.ts"
import { prefixes } from "./random-token.ts"
import type { Polar, TokenPair, User } from "./state.ts"

/** The caller of a request, by its credential. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "session"; readonly user: User }
  | { readonly kind: "oauth"; readonly pair: TokenPair }
  /** A token that OAuth did not issue: a personal, organization, customer or member token. */
  | { readonly kind: "api"; readonly token: string }

const anonymous: Caller = { kind: "anonymous" }

/** Returns what follows the scheme `Bearer` in a request: a token, several words or an empty string. */
export const bearerOf = ({ headers }: Exchange): string | undefined =>
  /^bearer(?:\s+(.*))?$/i
    .exec(headers.authorization ?? "")
    ?.slice(1)
    .map((token = "") => token.trim())[0]

const cookieOf = ({ headers }: Exchange, name: string): string | undefined => {
  for (const pair of (headers.cookie ?? "").split(/;\s*/)) {
    const equals = pair.indexOf("=")
    if (equals > 0 && pair.slice(0, equals) === name) return pair.slice(equals + 1)
  }
  return undefined
}

/** Returns the user of a web session token, unless the session has expired. The user may be blocked. */
export const userOfSession = (polar: Polar, token: string): User | undefined => {
  const session = polar.sessions.get(token)
  return session === undefined || session.expiresAt <= polar.now() ? undefined : polar.users.get(session.userId)
}

/** Returns the user of a request's session cookie, unless the user is blocked. */
export const sessionUser = (polar: Polar, exchange: Exchange): User | undefined => {
  const token = cookieOf(exchange, polar.sessionCookie)
  const user = token === undefined ? undefined : userOfSession(polar, token)
  return user?.blocked === true ? undefined : user
}

const callerOfBearer = (polar: Polar, bearer: string): Caller => {
  const token = asciiOnly(bearer)
  if (polar.apiTokens.has(token)) return { kind: "api", token }
  const pair = pairOf(polar, token, "access_token")
  if (pair === undefined || !isAccessTokenValid(polar, pair)) throw invalidToken()
  return { kind: "oauth", pair }
}

/**
 * Returns the caller of a request.
 *
 * This check precedes every endpoint, so an invalid bearer token is rejected even where no token is required. Only
 * registration access tokens are left for their endpoint to check. A bearer token has precedence over a session cookie.
 */
export const callerOf = (polar: Polar, exchange: Exchange): Caller => {
  const bearer = bearerOf(exchange)
  if (bearer !== undefined && !bearer.startsWith(prefixes.registrationToken)) return callerOfBearer(polar, bearer)
  const user = sessionUser(polar, exchange)
  return user === undefined ? anonymous : { kind: "session", user }
}

/**
 * Returns the user of a session, if there is one.
 *
 * A caller with an API credential is rejected, except for an organization token, which counts as anonymous.
 */
export const userOfCaller = (caller: Caller): User | undefined => {
  if (caller.kind === "session") return caller.user
  if (caller.kind === "anonymous") return undefined
  if (caller.kind === "api" && caller.token.startsWith(prefixes.organizationToken)) return undefined
  throw notPermitted()
}
