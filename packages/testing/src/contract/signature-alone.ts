/** Access tokens of a vendor without introspection: the signature decides. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const signatureAlone = (suite: Suite): void => {
  if (suite.options.answers !== "signature") return
  answers(suite)
  revocation(suite)
}

const answers = ({ auth, authFor, login, requests, sentence, server, service }: Suite): void => {
  sentence(
    ["clientCredentials", "introspect"],
    "an access token is active by its signature, and the vendor is not asked about it",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      await auth().introspect(accessToken)
      const before = requests.length
      const state = await auth().introspect(accessToken)
      expect(requests.length).toBe(before)
      if (!state.active) return expect.fail("the token is inactive")
      const { clientId } = server().clients.basic
      expect(state).toMatchObject({ use: "access_token", clientId, issuer: server().issuer, subjectType: "client" })
      expect(state.source).toEqual({ local: expect.any(Date), stale: false })
    },
  )

  sentence(["introspect"], "a live call is rejected before anything is sent", async () => {
    const before = requests.length
    for (const options of [{ freshness: "live" }, { expect: "refresh_token" }] as const)
      expect((await reasonOf(auth().introspect("token", options)))._tag).toBe("UnsupportedOperation")
    expect(requests.length).toBe(before)
  })

  sentence(
    ["clientCredentials", "introspect"],
    "an access token with another signature, or for another audience, is inactive",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      const [header = "", claims = "", signature = ""] = accessToken.split(".")
      const forged = Buffer.from(signature, "base64url").reverse().toString("base64url")
      expect(await auth().introspect(`${header}.${claims}.${forged}`)).toEqual({ active: false })
      const elsewhere = authFor({ audience: ["https://elsewhere.example"] })
      expect(await elsewhere.introspect(accessToken)).toEqual({ active: false })
    },
  )

  sentence(
    ["authorize", "exchange", "introspect"],
    "an ID token and a refresh token are never active access tokens",
    async () => {
      const { callbackUrl, transaction } = await login(auth(), { offline: true })
      const { accessToken, idToken = "", refreshToken = "" } = await auth().exchange(callbackUrl, transaction)
      const { subject } = server().users.granting
      expect(await auth().introspect(accessToken)).toMatchObject({ active: true, subject })
      for (const token of [idToken, refreshToken]) {
        expect(token).not.toBe("")
        // The audience of an ID token is the client.
        const anyAudience = authFor({ audience: "any" })
        expect(await anyAudience.introspect(token)).toEqual({ active: false })
      }
    },
  )
}

const revocation = ({ auth, login, requests, sentence }: Suite): void =>
  sentence(
    ["authorize", "exchange", "refresh", "revoke"],
    "a revoked refresh token gives no tokens, and the revocation of an access token is rejected",
    async () => {
      const { callbackUrl, transaction } = await login(auth(), { offline: true })
      const { accessToken, refreshToken = "" } = await auth().exchange(callbackUrl, transaction)
      expect(await auth().revoke(refreshToken)).toBeUndefined()
      expect((await reasonOf(auth().refresh(refreshToken)))._tag).toBe("InvalidGrant")
      const before = requests.length
      expect(await reasonOf(auth().revoke(accessToken))).toMatchObject({
        _tag: "UnsupportedOperation",
        argument: "token",
      })
      expect(requests.length).toBe(before)
    },
  )
