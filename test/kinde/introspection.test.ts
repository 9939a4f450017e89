import type { KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  api,
  countOf,
  television as device,
  type KindeAuth,
  logIn,
  management,
  open,
  reasonOf,
  startTenant,
  subject,
  unmanaged,
  web,
  worker,
} from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
let machine: KindeAuth
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] })
  emulator = await startTenant()
  auth = open(emulator)
  machine = open(emulator, worker)
})
afterEach(async () => {
  vi.useRealTimers()
  await auth.close()
  await machine.close()
  await emulator.close()
})

const introspections = () => emulator.requests.filter(({ path }) => path === "/oauth2/introspect")
const advanceSeconds = (count: number) => vi.setSystemTime(Date.now() + count * 1000)
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from([id, secret].map((each) => new URLSearchParams({ "": each }).toString().slice(1)).join(":")).toString("base64")}`

describe("the credential of introspection at Kinde", () => {
  it("is the management token if there is one, and never a form field", async () => {
    expect(await auth.introspect("opaque")).toEqual({ active: false })
    const [request] = introspections()
    expect(request?.headers.authorization).toMatch(/^Bearer eyJ/)
    expect([...new URLSearchParams(request?.body).keys()]).toEqual(["token", "token_type_hint"])
  })

  it("is the client's Basic credential when management is not configured", async () => {
    await using bare = unmanaged(emulator)
    const { accessToken } = await logIn(bare, emulator)
    expect(await bare.introspect(accessToken)).toMatchObject({ active: true, subject })
    const [request] = introspections()
    expect(request?.headers.authorization).toBe(basic(web.clientId, web.clientSecret))
    expect([...new URLSearchParams(request?.body).keys()]).toEqual(["token", "token_type_hint"])
  })

  it("is InvalidClient when the tenant does not accept it", async () => {
    await using other = await startTenant({ introspection: "user" })
    await using provider = open(other)
    expect((await reasonOf(provider.introspect("opaque")))._tag).toBe("InvalidClient")
    await using strict = await startTenant({ basicAuthentication: false })
    await using bare = unmanaged(strict)
    expect((await reasonOf(bare.introspect("opaque")))._tag).toBe("InvalidClient")
  })

  it("is missing for a public client, which can only validate locally", async () => {
    await using provider = unmanaged(emulator, device)
    expect((await reasonOf(provider.introspect("opaque")))._tag).toBe("UnsupportedOperation")
    const { accessToken } = await logIn(auth, emulator)
    expect(await provider.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true, subject })
    expect(introspections()).toEqual([])
  })

  it("also introspects the management application's tokens", async () => {
    await using own = open(emulator, management)
    const { accessToken } = await own.clientCredentials({ audience: [`${emulator.apiHost}/api`] })
    expect(await own.introspect(accessToken)).toMatchObject({ active: true, clientId: management.clientId })
  })
})

describe("a user's access token of Kinde", () => {
  it("has the same state in local and live introspection", async () => {
    const { accessToken } = await logIn(auth, emulator)
    const local = await auth.introspect(accessToken, { freshness: "local" })
    expect(introspections()).toHaveLength(0)
    const live = await auth.introspect(accessToken, { freshness: "live" })
    expect(introspections()).toHaveLength(1)
    for (const state of [local, live])
      expect(state).toMatchObject({
        active: true,
        use: "access_token",
        subject,
        subjectType: "user",
        clientId: web.clientId,
        issuer: emulator.issuer,
        scopes: ["openid", "email", "profile", "offline"],
        claims: { org_code: "org_1", azp: web.clientId },
      })
    expect(local.active && local.source).toEqual({ local: expect.any(Date), stale: false })
    expect(live.active && live.source).toEqual({ local: expect.any(Date), live: expect.any(Date), stale: false })
  })

  it("is inactive live once revoked, and active locally until it expires", async () => {
    const { accessToken } = await logIn(auth, emulator)
    await auth.revoke(accessToken)
    expect(await auth.introspect(accessToken, { freshness: "live" })).toEqual({ active: false })
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
    expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true, subject })
    advanceSeconds(86_400 + 61)
    expect(await auth.introspect(accessToken, { freshness: "local" })).toEqual({ active: false })
  })

  it("cannot be replaced by an ID token or a refresh token", async () => {
    const { idToken = "", refreshToken = "" } = await logIn(auth, emulator)
    expect(await auth.introspect(idToken, { freshness: "local" })).toEqual({ active: false })
    expect(await auth.introspect(idToken)).toEqual({ active: false })
    expect(await auth.introspect(refreshToken)).toEqual({ active: false })
    const local = await reasonOf(auth.introspect(refreshToken, { freshness: "local" }))
    expect(local).toMatchObject({ _tag: "UnsupportedOperation", argument: "freshness" })
    const kind = await reasonOf(auth.introspect(refreshToken, { expect: "refresh_token" }))
    expect(kind).toMatchObject({ _tag: "UnsupportedOperation", argument: "expect" })
  })

  it("is inactive for another audience, and active when one of several audiences matches", async () => {
    await using strict = open(emulator, { audience: ["https://else.example", api] })
    const withoutAudience = await logIn(auth, emulator)
    expect(await strict.introspect(withoutAudience.accessToken)).toEqual({ active: false })
    const withAudience = await logIn(auth, emulator, { scopes: ["openid"], extra: { audience: api } })
    expect(await strict.introspect(withAudience.accessToken)).toMatchObject({ active: true, audience: [api] })
  })

  it("is inactive when Kinde's response contradicts its claims", async () => {
    const { accessToken } = await logIn(auth, emulator)
    const body = (more: object) => JSON.stringify({ active: true, ...more })
    const headers = { "content-type": "application/json" }
    for (const more of [{ client_id: "another" }, { sub: "kp_another" }, { exp: 2_000_000_000 }])
      emulator.faults.add({
        path: "/oauth2/introspect",
        fault: { kind: "status", status: 200, headers, body: body(more) },
      })
    for (let count = 0; count < 3; count++) expect(await auth.introspect(accessToken)).toEqual({ active: false })
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
  })

  it("is inactive once a refetched key set lacks its key", async () => {
    const { accessToken } = await logIn(auth, emulator)
    const before = await auth.introspect(accessToken, { freshness: "local" })
    expect(before.active).toBe(true)
    emulator.rotateKeys({ keepOld: false })
    expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true })
    advanceSeconds(6 * 60)
    const fetched = countOf(emulator, "/.well-known/jwks")
    await auth.introspect(accessToken, { freshness: "local" })
    await vi.waitFor(() => expect(countOf(emulator, "/.well-known/jwks")).toBe(fetched + 1))
    // The token waits for one more key set, because its key may be new.
    await vi.waitFor(
      async () => expect(await auth.introspect(accessToken, { freshness: "local" })).toEqual({ active: false }),
      { timeout: 12_000 },
    )
    const fresh = await logIn(auth, emulator)
    expect(await auth.introspect(fresh.accessToken)).toMatchObject({ active: true, subject })
  })

  it("stays active after a rotation that keeps the old key", async () => {
    const { accessToken } = await logIn(auth, emulator)
    emulator.rotateKeys()
    const fresh = await logIn(auth, emulator)
    for (const token of [accessToken, fresh.accessToken, accessToken])
      expect(await auth.introspect(token)).toMatchObject({ active: true, subject })
  })
})

describe("a machine's access token of Kinde", () => {
  it.each([{ scopes: ["read"] }, {}])("has a client, no subject and all granted scopes: %j", async (more) => {
    const { accessToken } = await machine.clientCredentials({ audience: [api], ...more })
    for (const freshness of ["local", "live"] as const) {
      const state = await auth.introspect(accessToken, { freshness })
      expect(state).toMatchObject({ active: true, subjectType: "client", clientId: worker.clientId, audience: [api] })
      expect(state).not.toHaveProperty("subject")
      expect(state.active && state.scopes?.toSorted()).toEqual(more.scopes ?? ["read", "write"])
    }
  })

  it("is rejected by the user profile endpoint", async () => {
    const { accessToken } = await machine.clientCredentials({ audience: [api] })
    expect(await reasonOf(auth.userInfo(accessToken))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
  })
})
