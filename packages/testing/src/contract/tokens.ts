/** Tokens of a service: issuing, introspecting and revoking them. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const tokens = (suite: Suite): void => {
  lifecycle(suite)
  freshness(suite)
  rejections(suite)
}

const lifecycle = ({ auth, sentence, server, service }: Suite): void => {
  sentence(
    ["clientCredentials", "introspect"],
    "a token for the service is active, its own, and has the scopes asked for",
    async () => {
      const issued = await auth().clientCredentials(service())
      expect(issued.scopes).toEqual(service().scopes)
      const state = await auth().introspect(issued.accessToken)
      expect(state).toMatchObject({
        active: true,
        use: "access_token",
        clientId: server().clients.basic.clientId,
        scopes: service().scopes,
      })
      if (!state.active) return
      expect(state.issuer).toBe(server().issuer)
      expect(state.expiresAt?.getTime()).toBeGreaterThan(Date.now())
      expect(Math.abs((state.expiresAt?.getTime() ?? 0) - (issued.expiresAt?.getTime() ?? 0))).toBeLessThanOrEqual(2000)
      expect(state.source).toMatchObject({ live: expect.any(Date), stale: false })
      expect(state.subject === undefined || state.subjectType === "client").toBe(true)
    },
  )

  sentence(
    ["clientCredentials", "introspect", "revoke"],
    "a revoked token is inactive, and revoking it again succeeds",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      expect(await auth().introspect(accessToken)).toMatchObject({ active: true })
      expect(await auth().revoke(accessToken)).toBeUndefined()
      expect(await auth().introspect(accessToken)).toEqual({ active: false })
      expect(await auth().revoke(accessToken)).toBeUndefined()
    },
  )

  sentence(
    ["introspect"],
    "a text that cannot be a token is inactive: empty, garbage, a NUL byte, another alphabet, half a surrogate, very long",
    async () => {
      for (const garbage of ["", "garbage", "a\0b", "ключ", "\ud800", "%zz", "a&scope=admin", "x".repeat(4000)])
        expect(await auth().introspect(garbage), JSON.stringify(garbage.slice(0, 20))).toEqual({ active: false })
    },
  )

  sentence(
    ["introspect", "clientCredentials"],
    "a token with a character added or taken away is inactive",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      for (const changed of [`${accessToken}x`, accessToken.slice(0, -1), accessToken.slice(1)])
        expect(await auth().introspect(changed)).toEqual({ active: false })
    },
  )
}

const freshness = ({ auth, sentence, requests, service }: Suite): void => {
  /** Returns the URLs of the requests with this token. */
  const sentTo = (token: string) =>
    requests.filter(({ body }) => new URLSearchParams(body).get("token") === token).map(({ url }) => url)

  sentence(["introspect"], "every live call sends a request", async () => {
    const unknown = `unknown-${crypto.randomUUID()}`
    for (let count = 0; count < 2; count++)
      expect(await auth().introspect(unknown, { freshness: "live" })).toEqual({ active: false })
    expect(sentTo(unknown).length).toBe(2)
  })

  sentence(
    ["introspect", "clientCredentials"],
    "an answer that is young enough is returned again, and a live call sends a request",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      const result = await auth().introspect(accessToken, { freshness: "live" })
      expect(result).toMatchObject({ active: true })
      const before = sentTo(accessToken).length
      expect(await auth().introspect(accessToken, { freshness: { maxAge: "1 minute" } })).toEqual(result)
      expect(sentTo(accessToken).length).toBe(before)
      expect(await auth().introspect(accessToken, { freshness: "live" })).toMatchObject({ active: true })
      expect(sentTo(accessToken).length).toBe(before + 1)
    },
  )

  sentence(
    ["introspect", "clientCredentials", "revoke"],
    "an answer from before a revocation is never returned after it",
    async () => {
      const { accessToken } = await auth().clientCredentials(service())
      expect(await auth().introspect(accessToken, { freshness: "live" })).toMatchObject({ active: true })
      const endpoint = sentTo(accessToken).at(-1)
      const countRequests = () => sentTo(accessToken).filter((url) => url === endpoint).length
      const before = countRequests()
      await auth().revoke(accessToken)
      expect(countRequests()).toBe(before)
      expect(await auth().introspect(accessToken, { freshness: { maxAge: "1 minute" } })).toEqual({ active: false })
      expect(countRequests()).toBe(before + 1)
    },
  )

  sentence(["introspect", "clientCredentials"], "concurrent callers get the same answer", async () => {
    const { accessToken } = await auth().clientCredentials(service())
    const states = await Promise.all(Array.from({ length: 40 }, () => auth().introspect(accessToken)))
    for (const state of states) expect(state).toMatchObject({ active: true, scopes: service().scopes })
  })

  sentence(["introspect"], "an unsupported freshness is rejected before anything is sent", async () => {
    const before = requests.length
    expect((await reasonOf(auth().introspect("opaque", { freshness: "local" })))._tag).toBe("UnsupportedOperation")
    expect(requests.length).toBe(before)
  })
}

const rejections = ({ auth, authFor, sentence, server, service }: Suite): void => {
  sentence(["clientCredentials"], "a wrong secret is InvalidClient, and the error holds no secret", async () => {
    const call = authFor({ clientSecret: "wrong-secret-7f3a" }).clientCredentials(service())
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: { _tag: "InvalidClient" }, operation: "clientCredentials" })
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain("wrong-secret-7f3a")
  })

  sentence(["refresh"], "a refresh with a wrong secret is InvalidClient", async () => {
    const call = authFor({ clientSecret: "wrong-secret-7f3a" }).refresh("no-such-token")
    expect((await reasonOf(call))._tag).toBe("InvalidClient")
  })

  sentence(["clientCredentials"], "an unknown client is InvalidClient", async () => {
    expect((await reasonOf(authFor({ clientId: "nobody-knows-me" }).clientCredentials(service())))._tag).toBe(
      "InvalidClient",
    )
  })

  sentence(
    ["clientCredentials"],
    "a scope that the client may not have is InvalidRequest with the RFC's code",
    async () => {
      expect(await reasonOf(auth().clientCredentials({ ...service(), scopes: ["no-such-scope"] }))).toMatchObject({
        _tag: "InvalidRequest",
        code: "invalid_scope",
      })
    },
  )

  sentence(["jwtBearer", "introspect"], "a trusted issuer's assertion is exchanged for an active token", async () => {
    const assertion = await server().assertion?.()
    if (assertion === undefined)
      return expect.fail("the server makes no assertion: add `assertion` to the server, or add the reason to `skips`")
    const issued = await auth().jwtBearer(assertion, { scopes: ["read"] })
    expect(await auth().introspect(issued.accessToken)).toMatchObject({ active: true, scopes: ["read"] })
    expect((await reasonOf(auth().jwtBearer("not.a.jwt")))._tag).toMatch(/^Invalid(Grant|Request)$/)
  })

  sentence(
    ["exchangeToken", "clientCredentials", "introspect"],
    "a token is exchanged for an active token of the same subject, and garbage is rejected",
    async () => {
      // `basic` may be a client whose users consent: a server may exchange no token without their consent.
      const client = auth("post")
      const { accessToken } = await client.clientCredentials(service())
      const exchanged = await client.exchangeToken({ subjectToken: accessToken, subjectTokenType: "access_token" })
      expect(exchanged).toMatchObject({ tokenType: "bearer", issuedTokenType: "access_token" })
      expect(exchanged.accessToken).not.toBe(accessToken)
      const [before, after] = [await client.introspect(accessToken), await client.introspect(exchanged.accessToken)]
      expect(after).toMatchObject({ active: true, use: "access_token" })
      expect(after.active && after.subject).toBe(before.active && before.subject)
      const garbage = client.exchangeToken({ subjectToken: "garbage", subjectTokenType: "access_token" })
      expect((await reasonOf(garbage))._tag).toMatch(/^Invalid(Grant|Request|Token)$/)
    },
  )
}
