import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  api,
  countOf,
  type KindeAuth,
  logIn,
  open,
  outcomeOf,
  reasonOf,
  redirectUri,
  startTenant,
  subject,
  unmanaged,
} from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeEach(async () => {
  emulator = await startTenant({ legacyUserProfile: true })
  auth = open(emulator)
})
afterEach(async () => {
  vi.useRealTimers()
  await auth.close()
  await emulator.close()
})

const scopeOf = async (request: Parameters<KindeAuth["authorize"]>[0]) =>
  new URL((await auth.authorize(request)).url).searchParams.get("scope")

describe("authorize at Kinde", () => {
  it('requests a refresh token with the scope "offline" for every spelling', async () => {
    expect(await scopeOf({ scopes: ["openid"], offline: true })).toBe("openid offline")
    expect(await scopeOf({ scopes: ["openid", "offline_access"] })).toBe("openid offline")
    expect(await scopeOf({ scopes: ["openid", "offline_access"], offline: true })).toBe("openid offline")
    expect(await scopeOf({ scopes: ["openid", "offline"], offline: true })).toBe("openid offline")
    expect(await scopeOf({ scopes: ["openid"] })).toBe("openid")
    expect((await logIn(auth, emulator, { scopes: ["openid", "offline_access"] })).refreshToken).toMatch(
      /^[\w-]+\.[\w-]+$/,
    )
    expect((await logIn(auth, emulator, { scopes: ["openid"] })).refreshToken).toBeUndefined()
  })

  it("never sends a scope twice", async () => {
    expect(await scopeOf({ scopes: ["openid", "offline", "offline_access"] })).toBe("openid offline")
    expect(await scopeOf({ scopes: ["openid", "constructor"] })).toBe("openid constructor")
  })

  it("sends Kinde's parameters with S256 and a long state, and rejects other parameters by name", async () => {
    const { url } = await auth.authorize({
      extra: { org_code: "org_1", audience: [api, "b"], lang: "de" },
      prompt: "create",
    })
    const query = new URL(url).searchParams
    expect(query.getAll("audience")).toEqual([api, "b"])
    expect(Object.fromEntries(query)).toMatchObject({
      org_code: "org_1",
      lang: "de",
      prompt: "create",
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: redirectUri,
    })
    expect(query.get("state")?.length).toBeGreaterThanOrEqual(8)
    const unknownParameter = await reasonOf(auth.authorize({ extra: { start_page: "registration" } }))
    expect(unknownParameter).toMatchObject({ _tag: "InvalidRequest", field: "extra.start_page" })
  })

  it("leads to InteractionRequired with prompt none when no user is logged in", async () => {
    const { url, transaction } = await auth.authorize({ prompt: "none" })
    const callback = await makeBrowser().go(url, [emulator.issuer])
    expect(await reasonOf(auth.exchange(callback, transaction))).toMatchObject({
      _tag: "InteractionRequired",
      code: "login_required",
    })
  })
})

describe("refresh at Kinde", () => {
  it("rejects a success response with an empty access token", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    await using tenant = await startTenant({ emptyTokenOnExpiredRefresh: true })
    await using provider = unmanaged(tenant)
    const { refreshToken = "" } = await logIn(provider, tenant)
    vi.setSystemTime(Date.now() + 1_296_001_000)
    expect(await reasonOf(provider.refresh(refreshToken))).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "access_token",
    })
  })

  it("accepts a response that repeats the access token", async () => {
    await using tenant = await startTenant({ refreshKeepsAccessToken: true })
    await using provider = open(tenant)
    const first = await logIn(provider, tenant)
    const second = await provider.refresh(first.refreshToken ?? "")
    expect(second.accessToken).toBe(first.accessToken)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(await provider.introspect(second.accessToken)).toMatchObject({ active: true })
    await provider.revoke(second.accessToken)
    expect((await provider.refresh(second.refreshToken ?? "")).accessToken).not.toBe(first.accessToken)
  })

  it("is sent once even on failure, and is InvalidGrant with a used refresh token", async () => {
    const { refreshToken = "" } = await logIn(auth, emulator)
    const before = countOf(emulator, "/oauth2/token")
    emulator.faults.add({ path: "/oauth2/token", fault: { kind: "status", status: 503 } })
    expect((await reasonOf(auth.refresh(refreshToken)))._tag).toBe("Unavailable")
    expect(countOf(emulator, "/oauth2/token")).toBe(before + 1)
    await auth.refresh(refreshToken)
    expect(await reasonOf(auth.refresh(refreshToken))).toMatchObject({ _tag: "InvalidGrant", code: "invalid_grant" })
  })

  it("rejects scopes, because Kinde would ignore them", async () => {
    expect(await reasonOf(auth.refresh("token", { scopes: ["openid"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "scopes",
    })
    expect(emulator.requests).toEqual([])
  })
})

describe("the user profile of Kinde", () => {
  it("has the tenant members in both versions", async () => {
    await using old = open(emulator, { profile: "v1" })
    const { accessToken } = await logIn(auth, emulator)
    const common = {
      subject,
      email: "ada@example.org",
      givenName: "Ada",
      familyName: "Lovelace",
      preferredUsername: "ada",
    }
    expect(await auth.userInfo(accessToken)).toMatchObject({
      ...common,
      name: "Ada Lovelace",
      emailVerified: true,
      updatedAt: new Date(1_685_522_721_000),
    })
    const legacy = await old.userInfo(accessToken, { expectedSubject: subject })
    expect(legacy).toMatchObject(common)
    expect(legacy).not.toHaveProperty("picture")
    expect(emulator.requests.filter(({ path }) => path.includes("user_profile")).map(({ path }) => path)).toEqual([
      "/oauth2/v2/user_profile",
      "/oauth2/user_profile",
    ])
    for (const each of [auth, old]) {
      const reason = await reasonOf(each.userInfo(accessToken, { expectedSubject: "kp_other" }))
      expect(reason).toEqual({ _tag: "InvalidToken", check: "subject" })
      expect(await reasonOf(each.userInfo("unknown"))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
    }
  })

  it("is Unavailable when the tenant responds with a page because it lacks the old version", async () => {
    await using newer = await startTenant({ legacyUserProfile: false })
    await using old = open(newer, { profile: "v1" })
    const { accessToken } = await logIn(old, newer)
    expect(await outcomeOf(old.userInfo(accessToken))).toBe("Unavailable")
  })
})

describe("the end of a session at Kinde", () => {
  it("uses Kinde's redirect parameter, drops the ID token hint and rejects a state", async () => {
    const returnTo = "http://127.0.0.1:9/out"
    const { url } = await auth.session.end({ returnTo })
    expect(url).toBe(`${emulator.issuer}/logout?${new URLSearchParams({ redirect: returnTo })}`)
    expect(await makeBrowser().go(url, [emulator.issuer])).toMatch(/^http:\/\/127\.0\.0\.1:9\/out/)
    expect((await auth.session.end()).url).toBe(`${emulator.issuer}/logout`)
    expect((await auth.session.end({ returnTo, idTokenHint: "t" })).url).toBe(url)
    expect((await reasonOf(auth.session.end({ returnTo, state: "s" })))._tag).toBe("UnsupportedOperation")
  })
})
