/** Tokens of a real Better Auth: two formats, the hint that decides the kind, what ends them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { api, redirectUri, registration, secret } from "./backend.ts"
import { type BetterAuthAuth, login, missing, open, start } from "./setup.ts"
import type { RunningBetterAuth } from "./start.ts"

describe.skipIf(missing !== undefined)("on Better Auth", () => {
  let server: RunningBetterAuth
  let auth: BetterAuthAuth
  beforeAll(async () => {
    server = await start({
      clients: {
        app: registration,
        api: { ...registration, grant_types: ["client_credentials"] },
        stranger: { ...registration, linked: false },
      },
    })
    auth = open(server, { audience: "any", cache: false })
  })
  afterAll(async () => {
    await auth?.close()
    await server?.close()
  })

  /** Introspects with a raw request, as latchkey does not: with any hint, or none. */
  const raw = async (token: string, hint?: string): Promise<boolean> => {
    const response = await fetch(`${server.issuer}/oauth2/introspect`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${server.clients.app?.client_id}:${encodeURIComponent(secret)}`)}` },
      body: new URLSearchParams({ token, ...(hint !== undefined && { token_type_hint: hint }) }),
    })
    return ((await response.json()) as { readonly active: boolean }).active
  }

  it("token_type_hint is an exact filter: each kind is active under its own hint only", async () => {
    for (const audience of [undefined, [api]]) {
      const { accessToken, refreshToken = "" } = await login(server, auth, audience && { audience })
      expect(refreshToken).not.toBe("")
      const active = async (token: string) =>
        Promise.all([raw(token), raw(token, "access_token"), raw(token, "refresh_token")])
      expect(await active(accessToken)).toEqual([true, true, false])
      expect(await active(refreshToken)).toEqual([true, false, true])
    }
  })

  it("a token is active only as the kind that it is, whatever its format", async () => {
    for (const audience of [undefined, [api]]) {
      const { accessToken, refreshToken = "", idToken = "" } = await login(server, auth, audience && { audience })
      expect(accessToken.split(".").length).toBe(audience === undefined ? 1 : 3)
      expect(await auth.introspect(accessToken)).toMatchObject({ active: true, use: "access_token" })
      expect(await auth.introspect(refreshToken)).toEqual({ active: false })
      expect(await auth.introspect(idToken)).toEqual({ active: false })
      expect(await auth.introspect(accessToken, { expect: "refresh_token" })).toEqual({ active: false })
      expect(await auth.introspect(idToken, { expect: "refresh_token" })).toEqual({ active: false })
      expect(await auth.introspect(refreshToken, { expect: "refresh_token" })).toMatchObject({ active: true })
    }
  })

  it("a person and a client are told apart, in both formats", async () => {
    for (const audience of [undefined, [api]]) {
      const subject = server.subjects["granting@example.org"]
      const { accessToken } = await login(server, auth, audience && { audience })
      expect(await auth.introspect(accessToken)).toMatchObject({ subject, subjectType: "user" })
      const machine = await auth.clientCredentials({ scopes: ["read"], ...(audience && { audience }) })
      const clientId = server.clients.app?.client_id
      expect(await auth.introspect(machine.accessToken)).toMatchObject({ subjectType: "client", clientId })
    }
  })

  it("a JWT is introspected by any client that is linked to its API, an opaque token by its own client", async () => {
    const resourceServer = open(server, { audience: [api] }, "api")
    const stranger = open(server, { audience: [api] }, "stranger")
    const { accessToken: jwt } = await login(server, auth, { audience: [api] })
    const { accessToken: opaque } = await login(server, auth)
    expect(await resourceServer.introspect(jwt)).toMatchObject({
      active: true,
      audience: expect.arrayContaining([api]),
    })
    expect(await resourceServer.introspect(opaque)).toEqual({ active: false })
    expect(await stranger.introspect(jwt)).toEqual({ active: false })
    await resourceServer.close()
    await stranger.close()
  })

  it("an API that is not configured, or not linked to the client, is InvalidRequest", async () => {
    const stranger = open(server, {}, "stranger")
    const invalidTarget = { reason: { _tag: "InvalidRequest", code: "invalid_target" } }
    const unknown = { scopes: ["read"], audience: ["https://nobody.example"] }
    await expect(auth.clientCredentials(unknown)).rejects.toMatchObject(invalidTarget)
    await expect(stranger.clientCredentials({ ...unknown, audience: [api] })).rejects.toMatchObject(invalidTarget)
    await stranger.close()
  })

  it("a JWT is not revoked: revoking its refresh token does not end it, and its expiry does", async () => {
    const { accessToken, refreshToken = "" } = await login(server, auth, { audience: [api] })
    await expect(auth.revoke(accessToken)).rejects.toMatchObject({
      reason: { _tag: "UnsupportedOperation", argument: "token", instead: expect.stringContaining("refresh token") },
    })
    await auth.revoke(refreshToken)
    expect(await auth.introspect(refreshToken, { expect: "refresh_token" })).toEqual({ active: false })
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
  })

  it("revoking a refresh token ends its opaque access token, and revoking twice or a stranger's token succeeds", async () => {
    const { accessToken, refreshToken = "" } = await login(server, auth)
    for (const token of [refreshToken, refreshToken, "unknown"]) expect(await auth.revoke(token)).toBeUndefined()
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
  })

  it("userInfo with a machine's token is AccessDenied", async () => {
    const { accessToken } = await auth.clientCredentials({ scopes: ["read"] })
    await expect(auth.userInfo(accessToken)).rejects.toMatchObject({ reason: { _tag: "AccessDenied" } })
  })

  it("the end of a session ends its access tokens, JWTs too, but not the refresh token", async () => {
    for (const audience of [undefined, [api]]) {
      const { accessToken, refreshToken = "", idToken = "" } = await login(server, auth, audience && { audience })
      const { url } = await auth.session.end({ idTokenHint: idToken })
      expect((await fetch(url, { redirect: "manual" })).status).toBeLessThan(400)
      expect(await auth.introspect(accessToken)).toEqual({ active: false })
      expect(await auth.introspect(refreshToken, { expect: "refresh_token" })).toMatchObject({ active: true })
      const renewed = await auth.refresh(refreshToken)
      expect(await auth.introspect(renewed.accessToken)).toEqual({ active: false })
    }
  })

  it("a used refresh token ends every token of its login", async () => {
    const first = await login(server, auth)
    const second = await auth.refresh(first.refreshToken ?? "")
    await expect(auth.refresh(first.refreshToken ?? "")).rejects.toMatchObject({ reason: { _tag: "InvalidGrant" } })
    expect(await auth.introspect(second.accessToken)).toEqual({ active: false })
  })
})

describe.skipIf(missing !== undefined)("Better Auth's", () => {
  it.each(["EdDSA", "ES256", "ES512", "PS256", "RS256"])("%s tokens are verified locally", async (alg) => {
    const server = await start({ signing: { alg } })
    const auth = open(server, { audience: [api] })
    const { accessToken } = await auth.clientCredentials({ scopes: ["read"], audience: [api] })
    expect(JSON.parse(Buffer.from(accessToken.split(".")[0] ?? "", "base64url").toString())).toMatchObject({ alg })
    const before = server.requests.length
    expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true, scopes: ["read"] })
    expect(server.requests.slice(before).filter((request) => request.includes("introspect"))).toEqual([])
    await auth.close()
    await server.close()
  })

  it("rate limit is RateLimited, with the pause of its header", async () => {
    const server = await start({ rateLimit: true })
    const auth = open(server, { retry: false, tokenCache: false })
    const reasons: Array<unknown> = []
    for (let count = 0; count < 21; count++)
      await auth.clientCredentials({ scopes: ["read"] }).catch((error) => reasons.push(error))
    expect(reasons).toEqual([expect.objectContaining({ reason: expect.objectContaining({ _tag: "RateLimited" }) })])
    const [{ retryAfterSeconds } = { retryAfterSeconds: 0 }] = reasons as ReadonlyArray<{ retryAfterSeconds: number }>
    expect(retryAfterSeconds).toBeGreaterThan(30)
    expect(retryAfterSeconds).toBeLessThanOrEqual(60)
    await auth.close()
    await server.close()
  })
})

describe.skipIf(missing !== undefined)("registering at Better Auth", () => {
  const record = { name: "self", redirectUris: [redirectUri], extra: { application_type: "native" } }
  const reasonOf = (call: Promise<unknown>) => call.catch(({ reason }) => reason)

  it("sends the initial access token, and a missing or wrong one is InvalidClient", async () => {
    const server = await start({ initialAccessToken: "let-me-in" })
    const [right, wrong, none] = [
      open(server, { initialAccessToken: "let-me-in" }),
      open(server, { initialAccessToken: "wrong-7f3a" }),
      open(server),
    ]
    expect(await right.registration.register(record)).toMatchObject({ name: "self", redirectUris: [redirectUri] })
    for (const auth of [wrong, none]) {
      const reason = await reasonOf(auth.registration.register(record))
      expect(reason).toMatchObject({ _tag: "InvalidClient" })
      expect(JSON.stringify(reason)).not.toContain("wrong-7f3a")
    }
    for (const auth of [right, wrong, none]) await auth.close()
    await server.close()
  })

  it("gives no registration access token, because Better Auth lacks RFC 7592", async () => {
    const server = await start()
    const auth = open(server)
    const registered = await auth.registration.register(record)
    expect(registered.registration).toBeUndefined()
    expect(registered.secret).toBeDefined()
    expect(auth.registration).not.toHaveProperty("read")
    await auth.close()
    await server.close()
  })

  it("is UnsupportedOperation where it is switched off", async () => {
    const server = await start({ provider: { allowDynamicClientRegistration: false } })
    const auth = open(server)
    expect(await reasonOf(auth.registration.register(record))).toMatchObject({
      _tag: "UnsupportedOperation",
      standard: expect.stringContaining("7591"),
    })
    await auth.close()
    await server.close()
  })
})
