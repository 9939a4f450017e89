import type { KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  countOf,
  type KindeAuth,
  logIn,
  machineTokensOf,
  management,
  open,
  reasonOf,
  startTenant,
  subject,
  unmanaged,
  web,
} from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeEach(async () => {
  // One clock for the provider and the tenant.
  vi.useFakeTimers({ toFake: ["Date"] })
  emulator = await startTenant()
  auth = open(emulator)
})
afterEach(async () => {
  vi.useRealTimers()
  await auth.close()
  await emulator.close()
})

const advanceMinutes = (count: number) => vi.setSystemTime(Date.now() + count * 60_000)
const tokenUses = () =>
  new Set(emulator.requests.flatMap(({ side, headers }) => (side === "admin" ? [headers.authorization] : [])))

describe("the token for Kinde's Management API", () => {
  it("is fetched once for thirty concurrent calls and the calls after them", async () => {
    await Promise.all([
      ...Array.from({ length: 10 }, () => auth.clients.get(web.clientId)),
      ...Array.from({ length: 10 }, () => auth.introspect("opaque")),
      ...Array.from({ length: 10 }, () => auth.connectedApps.authUrl({ app: "calendar", userId: subject })),
    ])
    await auth.clients.get(web.clientId)
    expect(machineTokensOf(emulator)).toBe(1)
    expect(tokenUses().size).toBe(1)
  })

  it("is requested in the form for the API of the tenant's own host, without further parameters", async () => {
    await auth.clients.get(web.clientId)
    const request = emulator.requests.find(({ path }) => path === "/oauth2/token")
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      client_id: management.clientId,
      client_secret: management.clientSecret,
      audience: `${emulator.apiHost}/api`,
    })
    expect(request?.headers.authorization).toBeUndefined()
  })

  it("is refreshed ahead of its expiry and fetched again after it", async () => {
    await auth.clients.get(web.clientId)
    advanceMinutes(24 * 60 - 2)
    await auth.clients.get(web.clientId)
    expect(machineTokensOf(emulator)).toBe(1)
    advanceMinutes(1.5)
    await auth.clients.get(web.clientId)
    expect(machineTokensOf(emulator)).toBe(2)
    advanceMinutes(48 * 60)
    await auth.clients.get(web.clientId)
    expect(machineTokensOf(emulator)).toBe(3)
    expect(emulator.requests.filter(({ status }) => status !== 200)).toEqual([])
  })

  it("is used for most of its lifetime when it lives for a minute", async () => {
    await using short = await startTenant({ lifespans: { accessToken: "60 seconds" } })
    await using brief = open(short)
    for (let count = 0; count < 5; count++) await brief.clients.get(web.clientId)
    expect(machineTokensOf(short)).toBe(1)
    advanceMinutes(1)
    await brief.clients.get(web.clientId)
    expect(machineTokensOf(short)).toBe(2)
  })

  it("reaches the waiters when the first caller aborts", async () => {
    const controller = new AbortController()
    emulator.faults.add({ path: "/oauth2/token", fault: { kind: "latency", ms: 50 } })
    const first = auth.clients.get(web.clientId, { signal: controller.signal })
    const second = auth.clients.get(web.clientId)
    controller.abort(new Error("gave up"))
    await expect(first).rejects.toThrow("gave up")
    expect((await second).clientId).toBe(web.clientId)
    expect(machineTokensOf(emulator)).toBe(1)
  })

  it("is fetched again after a failed fetch", async () => {
    emulator.faults.add({ path: "/oauth2/token", fault: { kind: "status", status: 503 } })
    expect(await reasonOf(auth.clients.get(web.clientId))).toMatchObject({ _tag: "Unavailable", status: 503 })
    expect((await auth.clients.get(web.clientId)).name).toBe("Web")
    await using wrong = open(emulator, { management: { ...management, clientSecret: "wrong" } })
    const reason = await reasonOf(wrong.clients.get(web.clientId))
    expect(reason).toMatchObject({ _tag: "InvalidClient", code: "invalid_client" })
    expect(JSON.stringify(reason)).not.toContain("wrong")
  })

  it("is fetched again once when the tenant rejects it before it expires", async () => {
    await auth.clients.get(web.clientId)
    emulator.rotateKeys({ keepOld: false })
    advanceMinutes(2)
    const clients = await Promise.all(Array.from({ length: 10 }, () => auth.clients.get(web.clientId)))
    for (const client of clients) expect(client.name).toBe("Web")
    expect(machineTokensOf(emulator)).toBe(2)
  })

  it("is reused by a call whose old token is rejected after the new token has arrived", async () => {
    await auth.clients.get(web.clientId)
    emulator.rotateKeys({ keepOld: false })
    // The first rejection arrives after the second call has fetched the new token.
    emulator.faults.add({ path: /^\/api\/v1\//, fault: { kind: "latency", ms: 100 } })
    const late = auth.clients.remove(web.clientId)
    expect((await auth.clients.get(web.clientId)).name).toBe("Web")
    await late
    expect(machineTokensOf(emulator)).toBe(2)
  })

  it("is fetched again when the tenant rejects it with an empty body", async () => {
    await using silent = await startTenant({ emptyErrorBodies: true })
    await using bare = open(silent)
    const ask = () => bare.connectedApps.authUrl({ app: "calendar", userId: subject })
    await ask()
    silent.rotateKeys({ keepOld: false })
    expect(await ask()).toMatchObject({ url: expect.stringContaining("http") })
    expect(machineTokensOf(silent)).toBe(2)
  })

  it("is not fetched again for every call that a new token does not help", async () => {
    emulator.faults.add({
      path: "/api/v1/connected_apps/auth_url",
      times: 100,
      fault: { kind: "status", status: 403, body: "" },
    })
    for (let count = 0; count < 10; count++) {
      await auth.clients.get(web.clientId)
      const reason = await reasonOf(auth.connectedApps.authUrl({ app: "calendar", userId: subject }))
      expect(reason).toMatchObject({ _tag: "InvalidClient" })
    }
    expect(machineTokensOf(emulator)).toBe(2)
  })

  it("is refreshed ahead without delaying a call", async () => {
    await using short = await startTenant({ lifespans: { accessToken: "600 seconds" } })
    await using brief = open(short)
    await brief.clients.get(web.clientId)
    short.faults.add({ path: "/oauth2/token", fault: { kind: "hang" } })
    advanceMinutes(9.5)
    expect((await brief.clients.get(web.clientId, { timeout: "2 seconds" })).name).toBe("Web")
  })

  it("is used until it expires while no new token is available", async () => {
    await using short = await startTenant({ lifespans: { accessToken: "600 seconds" } })
    await using brief = open(short, { retry: false, circuitBreaker: false })
    await brief.clients.get(web.clientId)
    short.faults.add({ path: "/oauth2/token", times: 10, fault: { kind: "status", status: 503 } })
    advanceMinutes(9.5)
    expect((await brief.clients.get(web.clientId)).name).toBe("Web")
    advanceMinutes(0.5)
    expect(await reasonOf(brief.clients.get(web.clientId))).toMatchObject({ _tag: "Unavailable", status: 503 })
  })

  it.each<[string, number, object]>([
    ["invalid_client", 401, { error: "invalid_client" }],
    ["invalid_client with status 400", 400, { error: "invalid_client" }],
    ["access_denied", 403, { error: "access_denied" }],
    ["a response of another shape", 200, {}],
  ])("is used until it expires when its refresh fails with %s", async (_, status, body) => {
    await using short = await startTenant({ lifespans: { accessToken: "600 seconds" } })
    await using brief = open(short, { retry: false, circuitBreaker: false })
    await brief.clients.get(web.clientId)
    const headers = { "content-type": "application/json" }
    const fault = { kind: "status", status, headers, body: JSON.stringify(body) } as const
    short.faults.add({ path: "/oauth2/token", times: 10, fault })
    advanceMinutes(9.1)
    for (let count = 0; count < 3; count++) {
      expect((await brief.clients.get(web.clientId)).name).toBe("Web")
      advanceMinutes(0.2)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    advanceMinutes(0.5)
    expect((await reasonOf(brief.clients.get(web.clientId)))._tag).not.toBe("Unavailable")
  })

  it("is dropped when the tenant rejects it, also while its refresh fails", async () => {
    await using short = await startTenant({ lifespans: { accessToken: "600 seconds" } })
    await using brief = open(short, { retry: false, circuitBreaker: false })
    await brief.clients.get(web.clientId)
    short.rotateKeys({ keepOld: false })
    const body = JSON.stringify({ error: "invalid_client" })
    const headers = { "content-type": "application/json" }
    short.faults.add({ path: "/oauth2/token", fault: { kind: "status", status: 401, headers, body } })
    expect(await reasonOf(brief.clients.get(web.clientId))).toMatchObject({ _tag: "InvalidClient" })
    expect((await brief.clients.get(web.clientId)).name).toBe("Web")
  })

  it("is fetched again for introspection too", async () => {
    await auth.introspect("opaque")
    const headers = { "content-type": "application/json" }
    const body = JSON.stringify({ error: "request_unauthorized" })
    advanceMinutes(2)
    emulator.faults.add({ path: "/oauth2/introspect", fault: { kind: "status", status: 401, headers, body } })
    expect(await auth.introspect("opaque")).toEqual({ active: false })
    expect(machineTokensOf(emulator)).toBe(2)
  })

  it("is fetched again at most once per call", async () => {
    await auth.clients.get(web.clientId)
    advanceMinutes(2)
    const body = JSON.stringify({ errors: [{ code: "INVALID_CREDENTIALS" }, { code: "TOKEN_INVALID" }] })
    const headers = { "content-type": "application/json" }
    const fault = { kind: "status", status: 403, headers, body } as const
    emulator.faults.add({ path: /^\/api\/v1\//, times: 10, fault })
    expect((await reasonOf(auth.clients.remove(web.clientId)))._tag).toBe("InvalidClient")
    expect(machineTokensOf(emulator)).toBeLessThanOrEqual(2)
    expect(countOf(emulator, /^\/api\/v1\//, "DELETE")).toBeLessThanOrEqual(2)
  })

  it("is not fetched again for a missing scope", async () => {
    const reader = { id: "0a1b2c3d4e5f60718293a4b5c6d7e8e0", type: "m2m", secret: "reader secret" } as const
    emulator.seed({ applications: [{ ...reader, management: ["read:applications"] }] })
    await using reading = open(emulator, { management: { clientId: reader.id, clientSecret: reader.secret } })
    expect(await reasonOf(reading.clients.remove(web.clientId))).toMatchObject({ _tag: "AccessDenied" })
    expect(await reasonOf(reading.connectedApps.token("session"))).toMatchObject({ _tag: "AccessDenied" })
    expect(machineTokensOf(emulator)).toBe(1)
  })

  it("is sent only to the Management API and the introspection endpoint", async () => {
    const tokens = await logIn(auth, emulator)
    await auth.refresh(tokens.refreshToken ?? "")
    await auth.userInfo(tokens.accessToken)
    await auth.introspect(tokens.accessToken)
    await auth.clients.get(web.clientId)
    await auth.revoke(tokens.accessToken)
    const [managementAuthorization] = tokenUses()
    const carriers = emulator.requests
      .filter(({ headers }) => headers.authorization === managementAuthorization)
      .map(({ path }) => path)
    expect([...new Set(carriers.map((path) => path.replace(/^\/api\/v1\/.*/, "/api/v1")))].sort()).toEqual([
      "/api/v1",
      "/oauth2/introspect",
    ])
    const keys = emulator.requests.find(({ path }) => path === "/.well-known/jwks")
    expect(keys).toBeDefined()
    expect(keys?.headers.authorization).toBeUndefined()
  })

  it("is not fetched for operations that do not need it", async () => {
    const tokens = await logIn(auth, emulator)
    await auth.introspect(tokens.accessToken, { freshness: "local" })
    await auth.userInfo(tokens.accessToken)
    await auth.revoke(tokens.accessToken)
    expect(machineTokensOf(emulator)).toBe(0)
  })

  it("is reported as missing configuration when management is not configured", async () => {
    await using bare = unmanaged(emulator)
    const missing = { _tag: "InvalidConfig", issues: [{ path: "management", message: expect.any(String) }] }
    expect(await reasonOf(bare.clients.get(web.clientId))).toEqual(missing)
    expect(await reasonOf(bare.connectedApps.token("session"))).toEqual(missing)
    expect(emulator.requests).toEqual([])
  })
})
