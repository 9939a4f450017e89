/** What users have granted, and where they are logged in. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const granted = ({ auth, sentence, server, browser }: Suite): void => {
  /** Logs a user of this test's own in, and answers the tokens. */
  const grantedBy = async (subject: string, same = browser()) => {
    const { url, transaction } = await auth().authorize({
      scopes: ["openid", "read"],
      offline: true,
      loginHint: subject,
    })
    const user = { subject, claims: {} }
    return auth().exchange(await server().visit(same, url, user), transaction)
  }
  const sessionsOf = async (
    subject: string,
    query: { readonly loginSessionId?: string; readonly pageSize?: number } = {},
  ) => Array.fromAsync(auth().consent.listSessions({ subject, ...query }))
  const someone = () => `user-${crypto.randomUUID()}`

  sentence(
    ["consent.listSessions", "authorize", "exchange"],
    "what a user granted is listed, for that user only, page by page",
    async () => {
      const subject = someone()
      await grantedBy(subject)
      await grantedBy(subject)
      const all = await sessionsOf(subject)
      expect(all.length).toBe(2)
      for (const each of all) {
        expect(each.grantScopes).toEqual(["openid", "read", expect.stringMatching(/^offline/)])
        expect(each.request?.client.clientId).toBe(server().clients.basic.clientId)
        expect(each.handledAt).toBeInstanceOf(Date)
      }
      expect((await sessionsOf(subject, { pageSize: 1 })).length).toBe(2)
      expect(await sessionsOf(someone())).toEqual([])
    },
  )

  sentence(
    ["consent.listSessions", "authorize", "exchange"],
    "a list for one login session holds that session's grants only",
    async () => {
      const subject = someone()
      const { idClaims } = await grantedBy(subject)
      await grantedBy(subject)
      expect((await sessionsOf(subject, { loginSessionId: String(idClaims?.sid) })).length).toBe(1)
    },
  )

  sentence(
    ["consent.revokeSessions", "authorize", "exchange", "introspect"],
    "taking back a grant to a client ends its tokens, and nobody else's",
    async () => {
      const [subject, other] = [someone(), someone()]
      const [mine, theirs] = [await grantedBy(subject), await grantedBy(other)]
      await auth().consent.revokeSessions({ subject, client: server().clients.basic.clientId })
      expect(await auth().introspect(mine.accessToken)).toEqual({ active: false })
      expect((await reasonOf(auth().refresh(mine.refreshToken ?? "")))._tag).toBe("InvalidGrant")
      expect(await auth().introspect(theirs.accessToken)).toMatchObject({ active: true, subject: other })
    },
  )

  sentence(
    ["consent.revokeSessions", "consent.listSessions", "authorize", "exchange"],
    "taking back everything a user granted leaves nothing listed; doing it again succeeds",
    async () => {
      const subject = someone()
      await grantedBy(subject)
      await auth().consent.revokeSessions({ subject, all: true })
      expect(await sessionsOf(subject)).toEqual([])
      expect(await auth().consent.revokeSessions({ subject, all: true })).toBeUndefined()
    },
  )

  sentence(
    ["consent.revokeSessions", "consent.listSessions", "authorize", "exchange", "introspect"],
    "taking back one grant leaves the others",
    async () => {
      const subject = someone()
      const [first, second] = [await grantedBy(subject), await grantedBy(subject)]
      const [listed] = await sessionsOf(subject)
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
        const [subject, same] = [someone(), browser()]
        const { accessToken, idClaims } = await grantedBy(subject, same)
        await auth().consent.revokeLoginSessions(by === "subject" ? { subject } : { sessionId: String(idClaims?.sid) })
        const { url } = await auth().authorize({})
        const left = await same.go(url, [new URL(server().issuer).origin])
        const asked = await auth().consent.getLogin(new URL(left).searchParams.get("login_challenge") ?? "")
        expect(asked).toMatchObject({ skip: false })
        expect(await auth().introspect(accessToken)).toMatchObject({ active: true })
      }
    },
  )
}
