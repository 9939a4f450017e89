/** Accounts elsewhere, connected through the vendor. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const connectedAccounts = ({ auth, sentence, server, requests, browser }: Suite): void => {
  const place = () => server().connect ?? expect.fail("the server under test has no app to connect: give `connect`")
  const connect = async () => {
    const { app, who, visit } = place()
    const session = await auth().connectedApps.authUrl({ app, ...who })
    await visit(browser(), session.url)
    return session.sessionId
  }

  sentence(
    ["connectedApps.authUrl"],
    "a session to connect an account has a URL and an id of its own each time",
    async () => {
      const { app, who } = place()
      const [one, two] = [
        await auth().connectedApps.authUrl({ app, ...who }),
        await auth().connectedApps.authUrl({ app, ...who }),
      ]
      for (const each of [one, two]) {
        expect(URL.canParse(each.url)).toBe(true)
        expect(each.sessionId).not.toBe("")
      }
      expect(one.sessionId).not.toBe(two.sessionId)
    },
  )

  sentence(
    ["connectedApps.authUrl"],
    "an account belongs to a user or to an organization: both or neither is refused before anything is sent",
    async () => {
      const { app } = place()
      const before = requests.length
      for (const who of [{}, { userId: "u", organization: "o" }])
        expect(await reasonOf(auth().connectedApps.authUrl({ app, ...who } as never))).toMatchObject({
          _tag: "InvalidRequest",
        })
      expect(requests.length).toBe(before)
    },
  )

  sentence(["connectedApps.authUrl"], "an app that the vendor does not know is a refusal, not a session", async () => {
    const reason = await reasonOf(auth().connectedApps.authUrl({ app: "no-such-app", ...place().who }))
    expect(["NotFound", "InvalidRequest"]).toContain(reason._tag)
  })

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "there is no token before the user has agreed, and one after",
    async () => {
      const { app, who, visit } = place()
      const { url, sessionId } = await auth().connectedApps.authUrl({ app, ...who })
      expect((await reasonOf(auth().connectedApps.token(sessionId)))._tag).toBe("InvalidGrant")
      await visit(browser(), url)
      const token = await auth().connectedApps.token(sessionId)
      expect(token.accessToken).not.toBe("")
      if (token.expiresAt !== undefined) expect(token.expiresAt.getTime()).toBeGreaterThan(Date.now())
    },
  )

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "a token that is still good is given again, to many callers at once",
    async () => {
      const sessionId = await connect()
      const first = await auth().connectedApps.token(sessionId)
      const tokens = await Promise.all(Array.from({ length: 10 }, () => auth().connectedApps.token(sessionId)))
      for (const token of tokens) expect(token).toEqual(first)
    },
  )

  sentence(
    ["connectedApps.authUrl", "connectedApps.token", "connectedApps.revoke"],
    "a connection that was ended has no token any more, and another one still has",
    async () => {
      const [ended, other] = [await connect(), await connect()]
      expect(await auth().connectedApps.revoke(ended)).toBeUndefined()
      expect((await reasonOf(auth().connectedApps.token(ended)))._tag).toBe("InvalidGrant")
      expect((await auth().connectedApps.token(other)).accessToken).not.toBe("")
    },
  )

  sentence(["connectedApps.token"], "a session that nobody knows has no token", async () => {
    for (const sessionId of ["nobodys", "a&b=c d", "ключ"])
      expect((await reasonOf(auth().connectedApps.token(sessionId)))._tag, sessionId).toBe("InvalidGrant")
  })

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "a session's token is asked for with the session and nothing of the user's",
    async () => {
      const sessionId = await connect()
      const before = requests.length
      await auth().connectedApps.token(sessionId)
      const [request, ...more] = requests.slice(before)
      expect(more).toEqual([])
      expect(request?.url).toContain(encodeURIComponent(sessionId))
      expect(request?.body).toBeUndefined()
    },
  )
}
