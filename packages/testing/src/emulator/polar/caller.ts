import type { Exchange } from "../http-server.ts"
import { accessTokenIsGood, pairOf } from "./pairs.ts"
import { prefixes } from "./random-token.ts"
import { invalidToken, notPermitted } from "./refusal.ts"
import type { Polar, TokenPair, User } from "./state.ts"

/** Who a request comes from. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "session"; readonly user: User }
  | { readonly kind: "oauth"; readonly pair: TokenPair }
  /** A token that is none of OAuth's: personal, organization, customer or member. */
  | { readonly kind: "api"; readonly token: string }

const anonymous: Caller = { kind: "anonymous" }

/** The token of a bearer header, if there is one. */
export const bearerOf = ({ headers }: Exchange): string | undefined =>
  /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1]

const cookieOf = ({ headers }: Exchange, wanted: string): string | undefined => {
  for (const pair of (headers.cookie ?? "").split(/;\s*/)) {
    const equals = pair.indexOf("=")
    if (equals > 0 && pair.slice(0, equals) === wanted) return pair.slice(equals + 1)
  }
  return undefined
}

/** The user of a web session token, while the session lasts and the user is not blocked. */
export const userOfSession = (polar: Polar, token: string): User | undefined => {
  const session = polar.sessions.get(token)
  if (session === undefined || session.expiresAt <= polar.now()) return undefined
  const user = polar.users.get(session.userId)
  return user?.blocked === true ? undefined : user
}

/** The user whose session cookie a request carries. */
export const sessionUser = (polar: Polar, exchange: Exchange): User | undefined => {
  const token = cookieOf(exchange, polar.sessionCookie)
  return token === undefined ? undefined : userOfSession(polar, token)
}

const callerOfBearer = (polar: Polar, token: string): Caller => {
  if (polar.apiTokens.has(token)) return { kind: "api", token }
  const pair = pairOf(polar, token, "access_token")
  if (pair === undefined || !accessTokenIsGood(polar, pair)) throw invalidToken()
  return { kind: "oauth", pair }
}

/**
 * Finds out who is calling.
 *
 * This happens before any endpoint, on every path: a bearer that is no good is refused even where none is wanted. Only
 * registration tokens pass, for the endpoint to judge. A bearer goes before a session cookie.
 */
export const callerOf = (polar: Polar, exchange: Exchange): Caller => {
  const bearer = bearerOf(exchange)
  if (bearer !== undefined && !bearer.startsWith(prefixes.registrationToken)) return callerOfBearer(polar, bearer)
  const user = sessionUser(polar, exchange)
  return user === undefined ? anonymous : { kind: "session", user }
}

/** The session's user, if any; a caller with an API credential is refused. An organization token counts as nobody. */
export const userOrNobody = (caller: Caller): User | undefined => {
  if (caller.kind === "session") return caller.user
  if (caller.kind === "anonymous") return undefined
  if (caller.kind === "api" && caller.token.startsWith(prefixes.organizationToken)) return undefined
  throw notPermitted()
}
