import { randomUUID } from "node:crypto"
import type { Exchange } from "../http-server.ts"
import type { Kinde } from "./state.ts"
import { seconds } from "./tokens.ts"
import type { User } from "./user.ts"

const cookieName = "kinde_session"

const sessionIdOf = ({ headers }: Exchange): string => {
  for (const part of (headers.cookie ?? "").split(";")) {
    const [name = "", value = ""] = part.trim().split("=")
    if (name === cookieName) return value
  }
  return ""
}

/** Returns the user who is logged in at this browser. `since` is in seconds since 1970. */
export const sessionOf = (
  kinde: Kinde,
  exchange: Exchange,
): { readonly user: User; readonly since: number } | undefined => {
  const session = kinde.sessions.get(sessionIdOf(exchange))
  const user = kinde.users.get(session?.userId ?? "")
  return session === undefined || user === undefined ? undefined : { user, since: session.since }
}

/** Starts a session. Returns the cookie to set. */
export const startSession = (kinde: Kinde, user: User): string => {
  const id = randomUUID()
  kinde.sessions.set(id, { userId: user.id, since: seconds(kinde) })
  return `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax`
}

/** Ends the session of the browser, or all sessions of its user. Returns the cookie that removes the session. */
export const endSession = (kinde: Kinde, exchange: Exchange, everywhere: boolean): string => {
  const id = sessionIdOf(exchange)
  const userId = kinde.sessions.get(id)?.userId
  for (const [each, session] of kinde.sessions) {
    if (each === id || (everywhere && session.userId === userId)) kinde.sessions.delete(each)
  }
  return `${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`
}
