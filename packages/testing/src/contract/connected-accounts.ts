/** Accounts at third parties, connected through the vendor. */
import { expect } from "vitest"
import type { ContractConnection, ContractServer } from "./backend.ts"
import { reasonOf, type Suite } from "./suite.ts"

export const connectedAccounts = (suite: Suite): void => {
  sessions(suite)
  accessTokens(suite)
}

const connectionOf = (server: ContractServer): ContractConnection =>
  server.connect ?? expect.fail("the server has no account to connect: add `connect` to the server of the contract")

const sessions = ({ auth, sentence, server, requests }: Suite): void => {
  sentence(
    ["connectedApps.authUrl"],
    "a session to connect an account has a URL and an id of its own each time",
    async () => {
      const { app, owner } = connectionOf(server())
      const [one, two] = [
        await auth().connectedApps.authUrl({ app, ...owner }),
        await auth().connectedApps.authUrl({ app, ...owner }),
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
      const { app } = connectionOf(server())
      const before = requests.length
      for (const owner of [{}, { userId: "u", organization: "o" }])
        expect(await reasonOf(auth().connectedApps.authUrl({ app, ...owner } as never))).toMatchObject({
          _tag: "InvalidRequest",
        })
      expect(requests.length).toBe(before)
    },
  )

  sentence(["connectedApps.authUrl"], "an unknown app is an error, not a session", async () => {
    const reason = await reasonOf(auth().connectedApps.authUrl({ app: "no-such-app", ...connectionOf(server()).owner }))
    expect(["NotFound", "InvalidRequest"]).toContain(reason._tag)
  })
}

const accessTokens = ({ auth, sentence, server, requests, newBrowser }: Suite): void => {
  const connect = async () => {
    const { app, owner, visit } = connectionOf(server())
    const session = await auth().connectedApps.authUrl({ app, ...owner })
    await visit(newBrowser(), session.url)
    return session.sessionId
  }

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "there is no token before the user has agreed, and one after",
    async () => {
      const { app, owner, visit } = connectionOf(server())
      const { url, sessionId } = await auth().connectedApps.authUrl({ app, ...owner })
      expect((await reasonOf(auth().connectedApps.token(sessionId)))._tag).toBe("InvalidGrant")
      await visit(newBrowser(), url)
      const token = await auth().connectedApps.token(sessionId)
      expect(token.accessToken).not.toBe("")
      if (token.expiresAt !== undefined) expect(token.expiresAt.getTime()).toBeGreaterThan(Date.now())
    },
  )

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "concurrent callers get the same token while it is valid",
    async () => {
      const sessionId = await connect()
      const first = await auth().connectedApps.token(sessionId)
      const tokens = await Promise.all(Array.from({ length: 10 }, () => auth().connectedApps.token(sessionId)))
      for (const token of tokens) expect(token).toEqual(first)
    },
  )

  sentence(
    ["connectedApps.authUrl", "connectedApps.token", "connectedApps.revoke"],
    "an ended connection has no token, and another connection keeps its token",
    async () => {
      const [ended, other] = [await connect(), await connect()]
      expect(await auth().connectedApps.revoke(ended)).toBeUndefined()
      expect((await reasonOf(auth().connectedApps.token(ended)))._tag).toBe("InvalidGrant")
      expect((await auth().connectedApps.token(other)).accessToken).not.toBe("")
    },
  )

  sentence(["connectedApps.token"], "an unknown session has no token", async () => {
    for (const sessionId of ["unknown", "a&b=c d", "ключ"])
      expect((await reasonOf(auth().connectedApps.token(sessionId)))._tag, sessionId).toBe("InvalidGrant")
  })

  sentence(
    ["connectedApps.authUrl", "connectedApps.token"],
    "the request for a session's token has the session id and no data of the user",
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
