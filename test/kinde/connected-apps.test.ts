import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { countOf, type KindeAuth, open, reasonOf, startTenant, subject } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] })
  emulator = await startTenant()
  auth = open(emulator)
})
afterEach(async () => {
  vi.useRealTimers()
  await auth.close()
  await emulator.close()
})

const connect = async (account: Parameters<KindeAuth["connectedApps"]["authUrl"]>[0], at = emulator, by = auth) => {
  const { url, sessionId } = await by.connectedApps.authUrl(account)
  return { sessionId, back: await makeBrowser().go(url, [at.apiHost]) }
}

/** Makes the next token response carry this expiry. */
const respondWithExpiry = (expiry: unknown) =>
  emulator.faults.add({
    path: "/api/v1/connected_apps/token",
    fault: {
      kind: "status",
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ access_token: "connected", ...(expiry !== undefined && { access_token_expiry: expiry }) }),
    },
  })

describe("an account connected through Kinde", () => {
  it.each([{ userId: subject }, { organization: "org_1" }])(
    "can be connected, used and revoked: %j",
    async (account) => {
      const { sessionId, back } = await connect({ app: "calendar", ...account, callbackUrl: "http://127.0.0.1:9/done" })
      expect(back).toBe(`http://127.0.0.1:9/done?session_id=${sessionId}`)
      const first = await auth.connectedApps.token(sessionId)
      expect(await auth.connectedApps.token(sessionId)).toEqual(first)
      vi.setSystemTime(Date.now() + 3_601_000)
      const second = await auth.connectedApps.token(sessionId)
      expect(second.accessToken).not.toBe(first.accessToken)
      expect(await auth.connectedApps.revoke(sessionId)).toBeUndefined()
      expect((await reasonOf(auth.connectedApps.token(sessionId)))._tag).toBe("InvalidGrant")
      expect((await reasonOf(auth.connectedApps.revoke(sessionId)))._tag).toBe("InvalidRequest")
      const [request] = emulator.requests.filter(({ path }) => path.endsWith("auth_url"))
      expect(Object.fromEntries(new URLSearchParams(request?.query))).toEqual({
        key_code_ref: "calendar",
        override_callback_url: "http://127.0.0.1:9/done",
        ...("userId" in account ? { user_id: account.userId } : { org_code: account.organization }),
      })
    },
  )

  it("is revoked with a POST that carries the session in the query and no body", async () => {
    const { sessionId } = await connect({ app: "calendar", userId: subject })
    await auth.connectedApps.revoke(sessionId)
    const request = emulator.requests.find(({ path }) => path.endsWith("/revoke"))
    expect(request).toMatchObject({ method: "POST", query: `session_id=${sessionId}`, body: "" })
  })

  it("has no token before the user consents", async () => {
    const { sessionId } = await auth.connectedApps.authUrl({ app: "calendar", userId: subject })
    expect(await reasonOf(auth.connectedApps.token(sessionId))).toMatchObject({ _tag: "InvalidGrant" })
  })

  it("is requested once even on failure", async () => {
    emulator.faults.add({ path: "/api/v1/connected_apps/auth_url", fault: { kind: "status", status: 503 } })
    const request = { app: "calendar", userId: subject }
    expect((await reasonOf(auth.connectedApps.authUrl(request)))._tag).toBe("Unavailable")
    expect(countOf(emulator, "/api/v1/connected_apps/auth_url")).toBe(1)
  })

  it("is NotFound for an unknown app, user or organization", async () => {
    for (const request of [
      { app: "nothing", userId: subject },
      { app: "calendar", userId: "kp_nobody" },
      { app: "calendar", organization: "org_9" },
    ])
      expect(await reasonOf(auth.connectedApps.authUrl(request))).toEqual({ _tag: "NotFound" })
  })

  it("belongs to exactly one user or organization", async () => {
    const both = { app: "calendar", userId: subject, organization: "org_1" } as object
    for (const request of [both, { app: "calendar" } as object])
      expect(await reasonOf(auth.connectedApps.authUrl(request as { app: string; userId: string }))).toMatchObject({
        _tag: "InvalidRequest",
      })
    expect(emulator.requests).toEqual([])
  })

  it.each(["iso", "offset", "short-offset", "epoch"] as const)(
    "has a date for an expiry in the format %s",
    async (format) => {
      await using tenant = await startTenant({ connectedAppExpiry: format })
      await using provider = open(tenant)
      const { sessionId } = await connect({ app: "calendar", userId: subject }, tenant, provider)
      const { expiresAt, rawExpiry } = await provider.connectedApps.token(sessionId)
      expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(2000)
      expect(rawExpiry).toBeTypeOf("string")
    },
  )

  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"],
    ["2026-01-02T03:04:05+11:00", "2026-01-01T16:04:05.000Z"],
    ["2026-01-02T03:04:05-08", "2026-01-02T11:04:05.000Z"],
    ["1790000000", "2026-09-21T14:13:20.000Z"],
    [1_790_000_000, "2026-09-21T14:13:20.000Z"],
  ])("has a date for the expiry %s", async (expiry, time) => {
    respondWithExpiry(expiry)
    expect(await auth.connectedApps.token("session")).toEqual({
      accessToken: "connected",
      rawExpiry: String(expiry),
      expiresAt: new Date(time),
    })
  })

  it.each(["3600", "86399", "soon", "in 5 minutes", "2026-01-02T03:04:05", "-1", "99999999999999999999"])(
    "keeps an ambiguous expiry as text without a date: %s",
    async (expiry) => {
      respondWithExpiry(expiry)
      expect(await auth.connectedApps.token("session")).toEqual({ accessToken: "connected", rawExpiry: expiry })
    },
  )

  it.each(["javascript:alert(1)", "http://elsewhere.example/"])("rejects the authorization URL %s", async (url) => {
    emulator.faults.add({
      path: "/api/v1/connected_apps/auth_url",
      fault: {
        kind: "status",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ url, session_id: "s" }),
      },
    })
    const reason = await reasonOf(auth.connectedApps.authUrl({ app: "calendar", userId: subject }))
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", path: "url" })
  })

  it.each([undefined, null, ""])("may have no expiry: %j", async (expiry) => {
    respondWithExpiry(expiry)
    expect(await auth.connectedApps.token("session")).toEqual({ accessToken: "connected" })
  })

  it.each(["success", "result"] as const)("is revoked with the response envelope %s", async (revokeEnvelope) => {
    await using tenant = await startTenant({ revokeEnvelope })
    await using provider = open(tenant)
    const { sessionId } = await connect({ app: "calendar", userId: subject }, tenant, provider)
    expect(await provider.connectedApps.revoke(sessionId)).toBeUndefined()
  })
})
