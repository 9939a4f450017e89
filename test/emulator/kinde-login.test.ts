import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  afterLogout,
  authorizeUrl,
  callback,
  claimsOf,
  exchange,
  get,
  logIn,
  machineToken,
  post,
  postToken,
  tenant,
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
  it("redirects with code, scope and state", async () => {
    const query = await logIn(kinde)
    expect([...query.keys()]).toEqual(["code", "scope", "state"])
    expect(query.get("scope")).toBe("openid profile email offline")
  })

  it.each([
    ["bob@example.org", "kp_other"],
    ["kp_other", "kp_other"],
    ["username:ada", "kp_0123456789abcdef0123456789abcdef"],
  ])("logs in the user of the login_hint %s", async (login_hint, subject) => {
    expect(claimsOf((await userTokens(kinde, { login_hint })).access_token).sub).toBe(subject)
  })

  it("signs up an unknown user", async () => {
    const { id_token } = await userTokens(kinde, { login_hint: "new@example.org" })
    expect(claimsOf(id_token)).toMatchObject({
      email: "new@example.org",
      sub: expect.stringMatching(/^kp_[0-9a-f]{32}$/),
    })
  })

  it("uses the requested organization, or creates one on request", async () => {
    expect(claimsOf((await userTokens(kinde, { org_code: "org_2" })).access_token).org_code).toBe("org_2")
    const tokens = await userTokens(kinde, { is_create_org: "true", org_name: "Born", login_hint: "bob@example.org" })
    expect(claimsOf(tokens.access_token)).toMatchObject({ org_name: "Born", org_code: expect.stringMatching(/^org_/) })
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
  ])("redirects with the error %s for %o", async (error, more) => {
    const query = await logIn(kinde, more)
    expect(query.get("error")).toBe(error)
    expect(query.get("error_description")).not.toBe("")
  })

  it("shows an error page for an unknown client or callback", async () => {
    expect((await get(authorizeUrl(kinde, { client_id: "unknown" }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: `${callback}/x` }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-12-x.example.test/cb" }))).status).toBe(302)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-1.evil-x.example.test/cb" }))).status).toBe(400)
    expect((await get(authorizeUrl(kinde, { redirect_uri: "https://pr-12-x.example.test/no" }))).status).toBe(400)
  })

  it("is remembered in the browser until logout", async () => {
    const browser = makeBrowser()
    await logIn(kinde, {}, browser)
    expect((await logIn(kinde, { prompt: "none" }, browser)).get("code")).not.toBeNull()
    const logout = (redirect: string) =>
      browser.go(`${kinde.issuer}/logout?${new URLSearchParams({ redirect })}`, [kinde.issuer])
    expect(await logout("https://elsewhere.example")).toContain("/logout")
    expect(await logout(afterLogout)).toBe(afterLogout)
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
    postToken(kinde, {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "tv",
      device_code: String(device_code),
    })
  const advance = (ms: number) => {
    clock.offset += ms
  }

  it.each(["/oauth2/device/auth", "/oauth2/v2/device_authorization"])(
    "waits for the user and then returns a token: %s",
    async (path) => {
      const { json } = await start(path)
      expect(json).toMatchObject({ expires_in: 600, interval: 5, user_code: expect.stringMatching(/^[A-Z]{8}$/) })
      expect(await poll(json.device_code)).toMatchObject({ status: 400, json: { error: "authorization_pending" } })
      expect((await poll(json.device_code)).json.error).toBe("slow_down")
      await makeBrowser().go(String(json.verification_uri_complete), [kinde.issuer])
      advance(6_000)
      expect((await poll(json.device_code)).json.error).toBe("slow_down")
      advance(20_000)
      const done = await poll(json.device_code)
      expect(Object.keys(done.json).sort()).toEqual(["access_token", "expires_in", "scope", "token_type"])
      expect(done.json.scope).toBe("")
      expect(claimsOf(done.json.access_token)).toMatchObject({ azp: "tv", scp: ["openid", "offline"] })
    },
  )

  it("uses the tenant's device application by default, and rejects an unknown client", async () => {
    expect((await start("/oauth2/device/auth", {})).status).toBe(200)
    expect(await start("/oauth2/device/auth", { client_id: "unknown" })).toMatchObject({
      status: 400,
      text: "not_found\n",
    })
  })

  it("reports a denial by the user and an expired code", async () => {
    const denied = (await start()).json
    await makeBrowser().go(`${String(denied.verification_uri_complete)}&login_hint=kp_refuses`, [kinde.issuer])
    expect((await poll(denied.device_code)).json.error).toBe("access_denied")
    const expired = (await start()).json
    advance(601_000)
    expect((await poll(expired.device_code)).json.error).toBe("expired_token")
  })
})

describe("Kinde's metadata", () => {
  it("advertises flows that the server rejects, and omits the device flow", async () => {
    const { json } = await get(`${kinde.issuer}/.well-known/openid-configuration`)
    expect(json.issuer).toBe(kinde.issuer)
    expect(json.response_types_supported).toContain("token")
    expect(json.device_authorization_endpoint).toBeUndefined()
    expect(json.grant_types_supported).toBeUndefined()
  })

  it("has the key set at two URLs, for requests without a credential", async () => {
    const keys = await get(`${kinde.issuer}/.well-known/jwks`)
    expect((await get(`${kinde.issuer}/.well-known/jwks.json`)).text).toBe(keys.text)
    expect((await get(`${kinde.issuer}/.well-known/jwks`, { authorization: "Bearer x" })).status).toBe(403)
  })

  it("keeps the old key after a rotation, unless keepOld is false", async () => {
    await using variant = await tenant()
    const old = (await machineToken(variant)).json.access_token
    variant.rotateKeys()
    const newer = (await machineToken(variant)).json.access_token
    expect(claimsOf(newer, 0).kid).not.toBe(claimsOf(old, 0).kid)
    expect([await verifies(variant, old), await verifies(variant, newer)]).toEqual([true, true])
    variant.rotateKeys({ keepOld: false })
    expect([await verifies(variant, old), await verifies(variant, newer)]).toEqual([false, false])
  })

  it("names a custom domain as issuer, while audience and Management API stay at the tenant's host", async () => {
    await using variant = await tenant({ customDomain: true })
    expect(variant.issuer).not.toBe(variant.apiHost)
    const { access_token } = await userTokens(variant)
    expect(claimsOf(access_token).iss).toBe(variant.issuer)
    // The custom domain issues no token for the Management API.
    expect((await machineToken(variant)).status).toBe(403)
    const { json } = await machineToken({ ...variant, issuer: variant.apiHost })
    expect(claimsOf(json.access_token).aud).toEqual([`${variant.apiHost}/api`])
    const headers = { authorization: `Bearer ${String(json.access_token)}` }
    expect((await get(`${variant.apiHost}/api/v1/applications`, headers)).status).toBe(200)
    expect((await get(`${variant.issuer}/api/v1/applications`, headers)).status).toBe(404)
  })
})
