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

const connected = async (who: Parameters<KindeAuth["connectedApps"]["authUrl"]>[0], at = emulator, by = auth) => {
  const { url, sessionId } = await by.connectedApps.authUrl(who)
  return { sessionId, back: await makeBrowser().go(url, [at.apiHost]) }
}

/** What the vendor would have to answer for this expiry. */
const answering = (expiry: unknown) =>
  emulator.faults.add({
    path: "/api/v1/connected_apps/token",
    fault: {
      kind: "status",
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ access_token: "theirs", ...(expiry !== undefined && { access_token_expiry: expiry }) }),
    },
  })

describe("an account connected through Kinde", () => {
  it.each([{ userId: subject }, { organization: "org_1" }])("is connected, used and let go: %j", async (who) => {
    const { sessionId, back } = await connected({ app: "calendar", ...who, callbackUrl: "http://127.0.0.1:9/done" })
    expect(back).toBe(`http://127.0.0.1:9/done?session_id=${sessionId}`)
    const first = await auth.connectedApps.token(sessionId)
    expect(await auth.connectedApps.token(sessionId)).toEqual(first)
    vi.setSystemTime(Date.now() + 3_601_000)
    const second = await auth.connectedApps.token(sessionId)
    expect(second.accessToken).not.toBe(first.accessToken)
    expect(await auth.connectedApps.revoke(sessionId)).toBeUndefined()
    expect((await reasonOf(auth.connectedApps.token(sessionId)))._tag).toBe("InvalidGrant")
    expect((await reasonOf(auth.connectedApps.revoke(sessionId)))._tag).toBe("InvalidRequest")
    const [asked] = emulator.requests.filter(({ path }) => path.endsWith("auth_url"))
    expect(Object.fromEntries(new URLSearchParams(asked?.query))).toEqual({
      key_code_ref: "calendar",
      override_callback_url: "http://127.0.0.1:9/done",
      ...("userId" in who ? { user_id: who.userId } : { org_code: who.organization }),
    })
  })

  it("is let go with a POST that has its session in the query and no body", async () => {
    const { sessionId } = await connected({ app: "calendar", userId: subject })
    await auth.connectedApps.revoke(sessionId)
    const asked = emulator.requests.find(({ path }) => path.endsWith("/revoke"))
    expect(asked).toMatchObject({ method: "POST", query: `session_id=${sessionId}`, body: "" })
  })

  it("has no token before the user has agreed", async () => {
    const { sessionId } = await auth.connectedApps.authUrl({ app: "calendar", userId: subject })
    expect(await reasonOf(auth.connectedApps.token(sessionId))).toMatchObject({ _tag: "InvalidGrant" })
  })

  it("is asked for once, whatever goes wrong", async () => {
    emulator.faults.add({ path: "/api/v1/connected_apps/auth_url", fault: { kind: "status", status: 503 } })
    const request = { app: "calendar", userId: subject }
    expect((await reasonOf(auth.connectedApps.authUrl(request)))._tag).toBe("Unavailable")
    expect(countOf(emulator, "/api/v1/connected_apps/auth_url")).toBe(1)
  })

  it("cannot be of an app or a person that the tenant does not know", async () => {
    for (const request of [
      { app: "nothing", userId: subject },
      { app: "calendar", userId: "kp_nobody" },
      { app: "calendar", organization: "org_9" },
    ])
      expect(await reasonOf(auth.connectedApps.authUrl(request))).toEqual({ _tag: "NotFound" })
  })

  it("belongs to a user or to an organization, not to both and not to nobody", async () => {
    const both = { app: "calendar", userId: subject, organization: "org_1" } as object
    for (const request of [both, { app: "calendar" } as object])
      expect(await reasonOf(auth.connectedApps.authUrl(request as { app: string; userId: string }))).toMatchObject({
        _tag: "InvalidRequest",
      })
    expect(emulator.requests).toEqual([])
  })

  it.each(["iso", "offset", "short-offset", "epoch"] as const)("has an expiry written as %s", async (format) => {
    await using other = await startTenant({ connectedAppExpiry: format })
    await using theirs = open(other)
    const { sessionId } = await connected({ app: "calendar", userId: subject }, other, theirs)
    const { expiresAt, rawExpiry } = await theirs.connectedApps.token(sessionId)
    expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(2000)
    expect(rawExpiry).toBeTypeOf("string")
  })

  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"],
    ["2026-01-02T03:04:05+11:00", "2026-01-01T16:04:05.000Z"],
    ["2026-01-02T03:04:05-08", "2026-01-02T11:04:05.000Z"],
    ["1790000000", "2026-09-21T14:13:20.000Z"],
    [1_790_000_000, "2026-09-21T14:13:20.000Z"],
  ])("can be read: %s", async (expiry, time) => {
    answering(expiry)
    expect(await auth.connectedApps.token("session")).toEqual({
      accessToken: "theirs",
      rawExpiry: String(expiry),
      expiresAt: new Date(time),
    })
  })

  it.each(["3600", "86399", "soon", "in 5 minutes", "2026-01-02T03:04:05", "-1", "99999999999999999999"])(
    "keeps an expiry that says no certain time as text, and makes none up: %s",
    async (expiry) => {
      answering(expiry)
      expect(await auth.connectedApps.token("session")).toEqual({ accessToken: "theirs", rawExpiry: expiry })
    },
  )

  it.each(["javascript:alert(1)", "http://elsewhere.example/"])("sends no browser to %s", async (url) => {
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
    answering(expiry)
    expect(await auth.connectedApps.token("session")).toEqual({ accessToken: "theirs" })
  })

  it.each(["success", "result"] as const)("is let go with either envelope: %s", async (revokeEnvelope) => {
    await using other = await startTenant({ revokeEnvelope })
    await using theirs = open(other)
    const { sessionId } = await connected({ app: "calendar", userId: subject }, other, theirs)
    expect(await theirs.connectedApps.revoke(sessionId)).toBeUndefined()
  })
})
