/** A server that keeps its own sessions, and ends them when the user logs out elsewhere. */
import { createServer, type Server } from "node:http"
import { type LogoutClient, type LogoutToken, nodeBackChannelLogout } from "latchkey/logout"

/** A session of the application: the claims of the login about the user. */
export interface AppSession {
  readonly subject: string
  /** The claim `sid` of the ID token. */
  readonly sid?: string
}

/** Removes the sessions that a logout names: one session, or every session of a user. */
const endSessions = (sessions: Map<string, AppSession>, { subject, session }: LogoutToken): void => {
  for (const [id, each] of sessions)
    if (session === undefined ? each.subject === subject : each.sid === session) sessions.delete(id)
}

/**
 * @param auth `createAuth(fromEnv(process.env))`
 * @param sessions by the id in the user's cookie; several processes need a store that they share
 */
export const sessionServer = (auth: LogoutClient, sessions: Map<string, AppSession>): Server => {
  const logout = nodeBackChannelLogout(auth, { onLogout: (ended) => endSessions(sessions, ended) })
  return createServer((request, response) => {
    if (request.url === "/backchannel-logout") return logout(request, response)
    const id = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? ""
    const session = sessions.get(id)
    return response.writeHead(session === undefined ? 401 : 200).end(session?.subject)
  })
}
