/** The consent and login sessions of users. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const consentSessions = (suite: Suite): void => {
  listing(suite)
  revoking(suite)
}

const newSubject = () => `user-${crypto.randomUUID()}`

/** Makes a function that logs a user in and returns the tokens. */
const makeLogIn =
  ({ auth, server, newBrowser }: Suite) =>
  async (subject: string, browser = newBrowser()) => {
    const { url, transaction } = await auth().authorize({
      scopes: ["openid", "read"],
      offline: true,
      loginHint: subject,
    })
    const user = { subject, claims: {} }
    return auth().exchange(await server().visit(browser, url, user), transaction)
  }

/** Makes a function that lists the consent sessions of a user. */
const makeListSessions =
  ({ auth }: Suite) =>
  async (subject: string, query: { readonly loginSessionId?: string; readonly pageSize?: number } = {}) =>
    Array.fromAsync(auth().consent.listSessions({ subject, ...query }))

const listing = (suite: Suite): void => {
  const { sentence, server } = suite
  const [logIn, listSessions] = [makeLogIn(suite), makeListSessions(suite)]

  sentence(
    ["consent.listSessions", "authorize", "exchange"],
    "the grants of a user are listed, page by page, and no grant of another user",
    async () => {
      const subject = newSubject()
      await logIn(subject)
      await logIn(subject)
      const sessions = await listSessions(subject)
      expect(sessions.length).toBe(2)
      for (const session of sessions) {
        expect(session.grantScopes).toEqual(["openid", "read", expect.stringMatching(/^offline/)])
        expect(session.request?.client.clientId).toBe(server().clients.basic.clientId)
        expect(session.handledAt).toBeInstanceOf(Date)
      }
      expect((await listSessions(subject, { pageSize: 1 })).length).toBe(2)
      expect(await listSessions(newSubject())).toEqual([])
    },
  )

  sentence(
    ["consent.listSessions", "authorize", "exchange"],
    "a list for one login session holds that session's grants only",
    async () => {
      const subject = newSubject()
      const { idClaims } = await logIn(subject)
      await logIn(subject)
      expect((await listSessions(subject, { loginSessionId: String(idClaims?.sid) })).length).toBe(1)
    },
  )
}

const revoking = (suite: Suite): void => {
  const { auth, sentence, server, newBrowser } = suite
  const [logIn, listSessions] = [makeLogIn(suite), makeListSessions(suite)]

  sentence(
    ["consent.revokeSessions", "authorize", "exchange", "introspect"],
    "revoking the consent to one client ends the tokens of that client alone",
    async () => {
      const [subject, other] = [newSubject(), newSubject()]
      const [revoked, unaffected] = [await logIn(subject), await logIn(other)]
      await auth().consent.revokeSessions({ subject, client: server().clients.basic.clientId })
      expect(await auth().introspect(revoked.accessToken)).toEqual({ active: false })
      expect((await reasonOf(auth().refresh(revoked.refreshToken ?? "")))._tag).toBe("InvalidGrant")
      expect(await auth().introspect(unaffected.accessToken)).toMatchObject({ active: true, subject: other })
    },
  )

  sentence(
    ["consent.revokeSessions", "consent.listSessions", "authorize", "exchange"],
    "revoking all grants of a user empties the list, and succeeds again",
    async () => {
      const subject = newSubject()
      await logIn(subject)
      await auth().consent.revokeSessions({ subject, all: true })
      expect(await listSessions(subject)).toEqual([])
      expect(await auth().consent.revokeSessions({ subject, all: true })).toBeUndefined()
    },
  )

  sentence(
    ["consent.revokeSessions", "consent.listSessions", "authorize", "exchange", "introspect"],
    "revoking one grant keeps the others",
    async () => {
      const subject = newSubject()
      const [first, second] = [await logIn(subject), await logIn(subject)]
      const [listed] = await listSessions(subject)
      await auth().consent.revokeSessions({ consentRequestId: listed?.consentRequestId ?? "" })
      const states = await Promise.all([first, second].map(({ accessToken }) => auth().introspect(accessToken)))
      expect(states.filter(({ active }) => active).length).toBe(1)
    },
  )

  sentence(
    ["consent.revokeLoginSessions", "consent.getLogin", "authorize", "exchange", "introspect"],
    "ending a user's login sessions makes them log in again, and leaves the tokens",
    async () => {
      for (const by of ["subject", "sessionId"] as const) {
        const [subject, browser] = [newSubject(), newBrowser()]
        const { accessToken, idClaims } = await logIn(subject, browser)
        await auth().consent.revokeLoginSessions(by === "subject" ? { subject } : { sessionId: String(idClaims?.sid) })
        const { url } = await auth().authorize({})
        const loginUrl = await browser.go(url, [new URL(server().issuer).origin])
        const login = await auth().consent.getLogin(new URL(loginUrl).searchParams.get("login_challenge") ?? "")
        expect(login).toMatchObject({ skip: false })
        expect(await auth().introspect(accessToken)).toMatchObject({ active: true })
      }
    },
  )
}
