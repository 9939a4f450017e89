import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  authorizeUrl,
  callback,
  claimsOf,
  exchange,
  get,
  logIn,
  machine,
  out,
  post,
  tenant,
  token,
  userTokens,
  verifies,
} from "./kinde-tenant.ts"

let kinde: KindeEmulator
const clock = { offset: 0 }
beforeAll(async () => {
  kinde = await tenant({ now: () => Date.now() + clock.offset })
})
afterAll(() => kinde.close())

describe("Kinde's login", () => {
  it("answers with code, scope and state", async () => {
    const query = await logIn(kinde)
    expect([...query.keys()]).toEqual(["code", "scope", "state"])
    expect(query.get("scope")).toBe("openid profile email offline")
  })

  it.each([
    ["bob@example.org", "kp_other"],
    ["kp_other", "kp_other"],
    ["username:ada", "kp_0123456789abcdef0123456789abcdef"],
  ])("logs in who is hinted at: %s", async (login_hint, subject) => {
    expect(claimsOf((await userTokens(kinde, { login_hint })).access_token).sub).toBe(subject)
  })

  it("signs up who is unknown", async () => {
    const { id_token } = await userTokens(kinde, { login_hint: "new@example.org" })
    expect(claimsOf(id_token)).toMatchObject({
      email: "new@example.org",
      sub: expect.stringMatching(/^kp_[0-9a-f]{32}$/),
    })
  })

  it("ends in the organization asked for, a new one if that is asked for", async () => {
    expect(claimsOf((await userTokens(kinde, { org_code: "org_2" })).access_token).org_code).toBe("org_2")
    const made = await userTokens(kinde, { is_create_org: "true", org_name: "Born", login_hint: "bob@example.org" })
    expect(claimsOf(made.access_token)).toMatchObject({ org_name: "Born", org_code: expect.stringMatching(/^org_/) })
    expect((await logIn(kinde, { org_code: "org_2", login_hint: "new2@example.org" })).get("error")).toBe(
      "access_denied",
    )
  })

  it.each([
    ["access_denied", { login_hint: "no@example.org" }],
    ["login_required", { prompt: "none" }],
    ["invalid_state", { state: "short" }],
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_scope", { scope: "openid read:widgets" }],
    ["invalid_request", { audience: "https://elsewhere.example" }],
    ["invalid_request", { code_challenge_method: "plain" }],
    ["invalid_request", { client_id: "page", code_challenge: "" }],
  ])("tells the application %s: %o", async (error, more) => {
    const query = await logIn(kinde, more)
    expect(query.get("error")).toBe(error)
    expect(query.get("error_description")).not.toBe("")
  })

  it("tells nobody else: an unknown client or callback gets a page", async () => {
    expect((await get(authorizeUrl(kinde, { client_id: "nobody" }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: `${callback}/x` }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-12-x.example.test/cb" }))).status).toBe(302)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-1.evil-x.example.test/cb" }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-12-x.example.test/no" }))).status).toBe(400)
  })

  it("lasts in the browser until it logs out", async () => {
    const browser = makeBrowser()
    await logIn(kinde, {}, browser)
    expect((await logIn(kinde, { prompt: "none" }, browser)).get("code")).not.toBeNull()
    const logout = (redirect: string) =>
      browser.go(`${kinde.issuer}/logout?${new URLSearchParams({ redirect })}`, [kinde.issuer])
    expect(await logout("https://elsewhere.example")).toContain("/logout")
    expect(await logout(out)).toBe(out)
    expect((await logIn(kinde, { prompt: "none" }, browser)).get("error")).toBe("login_required")
  })

  it("works for a public application without a secret", async () => {
    const code = (await logIn(kinde, { client_id: "page" })).get("code")
    expect((await exchange(kinde, code, { client_id: "page", client_secret: "" })).status).toBe(200)
  })
})

describe("Kinde's device flow", () => {
  const start = async (path = "/oauth2/device/auth", more: Record<string, string> = { client_id: "tv" }) =>
    post(`${kinde.issuer}${path}`, { scope: "openid offline", ...more })
  const poll = (device_code: unknown) =>
    token(kinde, {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "tv",
      device_code: String(device_code),
    })
  const later = (ms: number) => {
    clock.offset += ms
  }

  it.each(["/oauth2/device/auth", "/oauth2/v2/device_authorization"])(
    "waits for the user, and then gives a token: %s",
    async (path) => {
      const { json } = await start(path)
      expect(json).toMatchObject({ expires_in: 600, interval: 5, user_code: expect.stringMatching(/^[A-Z]{8}$/) })
      expect(await poll(json.device_code)).toMatchObject({ status: 400, json: { error: "authorization_pending" } })
      expect((await poll(json.device_code)).json.error).toBe("slow_down")
      await makeBrowser().go(String(json.verification_uri_complete), [kinde.issuer])
      later(6_000)
      expect((await poll(json.device_code)).json.error).toBe("slow_down")
      later(20_000)
      const done = await poll(json.device_code)
      expect(Object.keys(done.json).sort()).toEqual(["access_token", "expires_in", "scope", "token_type"])
      expect(done.json.scope).toBe("")
      expect(claimsOf(done.json.access_token)).toMatchObject({ azp: "tv", scp: ["openid", "offline"] })
    },
  )

  it("knows the tenant's own device application, and no other without a name", async () => {
    expect((await start("/oauth2/device/auth", {})).status).toBe(200)
    expect(await start("/oauth2/device/auth", { client_id: "nobody" })).toMatchObject({
      status: 400,
      text: "not_found\n",
    })
  })

  it("says when the user refused and when the code expired", async () => {
    const refused = (await start()).json
    await makeBrowser().go(`${String(refused.verification_uri_complete)}&login_hint=kp_refuses`, [kinde.issuer])
    expect((await poll(refused.device_code)).json.error).toBe("access_denied")
    const expired = (await start()).json
    later(601_000)
    expect((await poll(expired.device_code)).json.error).toBe("expired_token")
  })
})

describe("what Kinde publishes", () => {
  it("advertises flows that it refuses and not the device one", async () => {
    const { json } = await get(`${kinde.issuer}/.well-known/openid-configuration`)
    expect(json.issuer).toBe(kinde.issuer)
    expect(json.response_types_supported).toContain("token")
    expect(json.device_authorization_endpoint).toBeUndefined()
    expect(json.grant_types_supported).toBeUndefined()
  })

  it("has its keys under two names, for callers without a credential", async () => {
    const keys = await get(`${kinde.issuer}/.well-known/jwks`)
    expect((await get(`${kinde.issuer}/.well-known/jwks.json`)).text).toBe(keys.text)
    expect((await get(`${kinde.issuer}/.well-known/jwks`, { authorization: "Bearer x" })).status).toBe(403)
  })

  it("keeps an old key after a rotation, unless it is to go", async () => {
    await using other = await tenant()
    const old = (await machine(other)).json.access_token
    other.rotateKeys()
    const newer = (await machine(other)).json.access_token
    expect(claimsOf(newer, 0).kid).not.toBe(claimsOf(old, 0).kid)
    expect([await verifies(other, old), await verifies(other, newer)]).toEqual([true, true])
    other.rotateKeys({ keepOld: false })
    expect([await verifies(other, old), await verifies(other, newer)]).toEqual([false, false])
  })

  it("has another issuer on a custom domain, whose audience and Management API stay at the tenant's host", async () => {
    await using other = await tenant({ customDomain: true })
    expect(other.issuer).not.toBe(other.apiHost)
    const { access_token } = await userTokens(other)
    expect(claimsOf(access_token).iss).toBe(other.issuer)
    // Who asks for a token of the Management API elsewhere is refused.
    expect((await machine(other)).status).toBe(403)
    const { json } = await machine({ ...other, issuer: other.apiHost })
    expect(claimsOf(json.access_token).aud).toEqual([`${other.apiHost}/api`])
    const headers = { authorization: `Bearer ${String(json.access_token)}` }
    expect((await get(`${other.apiHost}/api/v1/applications`, headers)).status).toBe(200)
    expect((await get(`${other.issuer}/api/v1/applications`, headers)).status).toBe(404)
  })
})
