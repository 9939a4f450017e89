/** The sessions of users, for any framework: `express.ts` and `hono.ts` use them. */
import { randomBytes } from "node:crypto"
import type { CookieJar } from "iron-session"
import { type AnyAuth, AuthError, type Tokens, type User } from "latchkey"
import { eightHours, type Logins, type Session } from "./logins.ts"
import { Refused, returnUrl } from "./refused.ts"

/** Starts a login, and returns the URL of the vendor's page. */
export const beginLogin = async (logins: Logins, jar: CookieJar, path = "/"): Promise<string> => {
  const returnTo = returnUrl(logins.origin, path)
  const { url, transaction } = await logins.auth.authorize({ redirectUri: logins.redirectUri, offline: true })
  await Object.assign(await logins.openLogin(jar), { transaction, returnTo }).save()
  return url
}

/** Completes a login once, in the browser that began it, and returns the URL to continue at. */
export const completeLogin = async (logins: Logins, jar: CookieJar, query: string): Promise<string> => {
  const login = await logins.openLogin(jar)
  const { transaction, returnTo = logins.home } = login
  login.destroy()
  if (transaction === undefined) throw new Refused("no-login")
  const tokens = await logins.auth.exchange(`${logins.redirectUri}${query}`, transaction)
  const cookie = await logins.openSession(jar)
  logins.sessions.delete(cookie.id ?? "")
  // A new id for each login, so that a known old cookie does not give access to the new session.
  const id = randomBytes(32).toString("base64url")
  logins.sessions.set(id, { login: tokens, tokens })
  setTimeout(() => logins.sessions.delete(id), eightHours * 1000).unref()
  await Object.assign(cookie, { id }).save()
  return returnTo
}

/** Returns the user of a request, if there is one. An outage is an error, and ends no session. */
export const userOf = async (logins: Logins, jar: CookieJar): Promise<User | undefined> => {
  const { id = "" } = await logins.openSession(jar)
  const session = logins.sessions.get(id)
  if (session === undefined) return undefined
  try {
    const tokens = await currentTokens(logins.auth, session)
    const { sub } = session.login.idClaims ?? {}
    return await logins.auth.userInfo(tokens.accessToken, typeof sub === "string" ? { expectedSubject: sub } : {})
  } catch (error) {
    if (!(error instanceof AuthError) || !["InvalidGrant", "InvalidToken"].includes(error.reason._tag)) throw error
    logins.sessions.delete(id)
    return undefined
  }
}

/** Returns tokens that have not expired. Concurrent requests of a session wait for one refresh. */
export const currentTokens = async (auth: AnyAuth, session: Session): Promise<Tokens> => {
  const { expiresAt, refreshToken } = session.tokens
  if (refreshToken === undefined || expiresAt === undefined || expiresAt.getTime() > Date.now() + 10_000)
    return session.tokens
  session.refreshing ??= auth
    .refresh(refreshToken)
    .then((tokens) => Object.assign(session, { tokens }).tokens)
    .finally(() => Object.assign(session, { refreshing: undefined }))
  return session.refreshing
}

/** Some vendors revoke only refresh tokens. */
const rethrowOutage = (error: unknown): void => {
  if (!(error instanceof AuthError) || error.isRetryable) throw error
}

/** Ends the session here and at the vendor, and returns the URL to continue at: the vendor's logout page, if it has one. */
export const endSession = async (logins: Logins, jar: CookieJar): Promise<string> => {
  const { auth, home, sessions } = logins
  const cookie = await logins.openSession(jar)
  const session = sessions.get(cookie.id ?? "")
  sessions.delete(cookie.id ?? "")
  cookie.destroy()
  if (session === undefined) return home
  try {
    const { refreshToken, accessToken } = await (session.refreshing ?? session.tokens)
    for (const token of [refreshToken, accessToken])
      if (token !== undefined) await auth.revoke(token, { timeout: "2 seconds" }).catch(rethrowOutage)
    const { idToken: idTokenHint } = session.login
    return (await auth.session.end({ returnTo: home, ...(idTokenHint !== undefined && { idTokenHint }) })).url
  } catch (error) {
    // The user is logged out here, also if the vendor is down or has no such operation.
    if (error instanceof AuthError) return home
    throw error
  }
}
