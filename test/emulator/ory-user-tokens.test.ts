import { type OryEmulator, startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeBrowser, parameter } from "./browser.ts"
import {
  accept,
  admin,
  authorizeUrl,
  basic,
  exchange,
  introspect,
  logIn,
  post,
  refresh,
  shop,
  userTokens,
} from "./ory-steps.ts"

let ory: OryEmulator
const clock = { offset: 0 }
beforeAll(async () => {
  ory = await startOry({ seed: { clients: [shop] }, now: () => Date.now() + clock.offset })
})
afterAll(() => ory.close())

describe("a user's tokens", () => {
  it("are issued at the end of the headless flow", async () => {
    const response = (await exchange(ory, parameter(await logIn(ory), "code"))).json
    expect(response).toMatchObject({ token_type: "bearer", scope: "openid offline_access a" })
    expect(response.access_token).toMatch(/^ory_at_/)
    expect(response.refresh_token).toMatch(/^ory_rt_/)
    const state = await introspect(ory, response.access_token)
    expect(state).toMatchObject({
      active: true,
      sub: "u1",
      client_id: "shop",
      aud: [],
      iss: ory.issuer,
      token_type: "Bearer",
      token_use: "access_token",
      ext: { tenant: "acme" },
    })
    const user = await fetch(`${ory.publicUrl}/userinfo`, {
      headers: { authorization: `Bearer ${String(response.access_token)}` },
    })
    expect(await user.json()).toMatchObject({ sub: "u1", email: "u1@example", aud: ["shop"] })
  })

  it("are revoked when their code is used twice", async () => {
    const code = parameter(await logIn(ory), "code")
    const first = await exchange(ory, code)
    const second = await exchange(ory, code)
    expect(second).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    expect(second.json.error_description).toContain("has already been used")
    expect(await introspect(ory, first.json.access_token)).toEqual({ active: false })
    expect(await introspect(ory, first.json.refresh_token)).toEqual({ active: false })
  })

  it("are not issued for a wrong PKCE verifier, even if the right one follows", async () => {
    const code = parameter(await logIn(ory), "code")
    expect((await exchange(ory, code, { code_verifier: "w".repeat(64) })).json.error).toBe("invalid_grant")
    expect((await exchange(ory, code)).json.error_description).toContain("Unable to find initial PKCE data")
  })

  it("are replaced by a refresh, and all revoked when the old refresh token is reused", async () => {
    const first = await userTokens(ory)
    const second = (await refresh(ory, first.refresh_token)).json
    expect(await introspect(ory, first.access_token)).toEqual({ active: false })
    expect(await introspect(ory, second.access_token)).toMatchObject({ active: true })
    const reuse = await refresh(ory, first.refresh_token)
    expect(reuse).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    expect(reuse.json.error_description).toContain("was already used")
    expect(await introspect(ory, second.access_token)).toEqual({ active: false })
    expect((await refresh(ory, second.refresh_token)).json.error).toBe("invalid_grant")
  })

  it("survive a revocation by another client, and are revoked together by their own client", async () => {
    await admin(ory, "POST", "/admin/clients", { client_id: "other", client_secret: "other-secret" })
    const tokens = await userTokens(ory)
    const revoke = (id: string, secret: string) =>
      post(`${ory.publicUrl}/oauth2/revoke`, { token: String(tokens.access_token) }, basic(id, secret))
    expect(await revoke("other", "other-secret")).toMatchObject({ status: 200, text: "" })
    expect(await introspect(ory, tokens.access_token)).toMatchObject({ active: true })
    expect(await revoke("shop", "shop-secret")).toMatchObject({ status: 200, text: "" })
    expect(await introspect(ory, tokens.refresh_token)).toEqual({ active: false })
  })

  it("are inactive when introspected with a scope that they lack", async () => {
    const { access_token } = await userTokens(ory)
    expect(await introspect(ory, access_token, { scope: "a" })).toMatchObject({ active: true })
    expect(await introspect(ory, access_token, { scope: "b" })).toEqual({ active: false })
  })

  it("expire by the server's clock", async () => {
    const { access_token, refresh_token } = await userTokens(ory)
    clock.offset = 3601_000
    expect(await introspect(ory, access_token)).toEqual({ active: false })
    expect(await introspect(ory, refresh_token)).toMatchObject({ active: true, token_use: "refresh_token" })
    const user = await fetch(`${ory.publicUrl}/userinfo`, {
      headers: { authorization: `Bearer ${String(access_token)}` },
    })
    expect(user.headers.get("www-authenticate")).toMatch(
      /^Bearer error="invalid_token",error_description="Token expired/,
    )
    clock.offset = 0
  })

  it("include a refresh token that survives the deletion of the client's tokens by an administrator", async () => {
    const { access_token, refresh_token } = await userTokens(ory)
    expect((await admin(ory, "DELETE", "/admin/oauth2/tokens?client_id=shop")).status).toBe(204)
    expect(await introspect(ory, access_token)).toEqual({ active: false })
    expect(await introspect(ory, refresh_token)).toMatchObject({ active: true })
  })
})

describe("a browser", () => {
  it("is rejected without the cookie of the request that it started", async () => {
    const login = await makeBrowser().visit(authorizeUrl(ory))
    const callbackUrl = await makeBrowser().visit(await accept(ory, "login", login, { subject: "u1" }))
    expect(parameter(callbackUrl, "error")).toBe("request_forbidden")
    expect(parameter(callbackUrl, "state")).toBe("some-state")
  })

  it("can return an accepted consent only once", async () => {
    const browser = makeBrowser()
    const login = await browser.visit(authorizeUrl(ory))
    const consent = await browser.visit(await accept(ory, "login", login, { subject: "u1" }))
    expect(parameter(login, "login_challenge").length).toBeGreaterThan(1000)
    const last = await accept(ory, "consent", consent, { grant_scope: ["a"] })
    expect(parameter(await browser.visit(last), "code")).toMatch(/^ory_ac_/)
    expect(parameter(await browser.visit(last), "error")).toBe("access_denied")
  })

  it("skips a remembered login, and gets login_required for prompt=none without one", async () => {
    const anonymous = await makeBrowser().visit(authorizeUrl(ory, { prompt: "none" }))
    expect(parameter(anonymous, "error")).toBe("login_required")
    const browser = makeBrowser()
    await logIn(ory, { browser, remember: true })
    const login = await browser.visit(authorizeUrl(ory, { prompt: "none" }))
    const query = new URLSearchParams({ login_challenge: parameter(login, "login_challenge") })
    const request = await admin(ory, "GET", `/admin/oauth2/auth/requests/login?${query}`)
    expect(request.json).toMatchObject({ skip: true, subject: "u1" })
  })

  it("logs out through the logout page", async () => {
    const browser = makeBrowser()
    const code = parameter(await logIn(ory, { browser, remember: true }), "code")
    const { id_token, access_token } = (await exchange(ory, code)).json
    const query = new URLSearchParams({
      id_token_hint: String(id_token),
      post_logout_redirect_uri: "http://127.0.0.1:9/out",
      state: "bye",
    })
    const page = await browser.visit(`${ory.publicUrl}/oauth2/sessions/logout?${query}`)
    const challenge = parameter(page, "logout_challenge")
    const request = "/admin/oauth2/auth/requests/logout"
    const accepted = await admin(ory, "PUT", `${request}/accept?logout_challenge=${challenge}`)
    expect(String(await browser.visit(String(accepted.json.redirect_to)))).toBe("http://127.0.0.1:9/out?state=bye")
    expect(browser.jar.has("ory_hydra_session_dev")).toBe(false)
    expect((await admin(ory, "GET", `${request}?logout_challenge=${challenge}`)).status).toBe(410)
    expect(await introspect(ory, access_token)).toMatchObject({ active: true })
  })

  it("leaves a consent session that can be listed, and revoked with its tokens", async () => {
    const { access_token } = await userTokens(ory, { remember: true })
    const path = "/admin/oauth2/auth/sessions/consent?subject=u1"
    expect((await admin(ory, "GET", path)).text).toContain('"grant_scope":["openid","offline_access","a"]')
    expect((await admin(ory, "DELETE", path)).status).toBe(400)
    expect((await admin(ory, "DELETE", `${path}&all=true`)).status).toBe(204)
    expect((await admin(ory, "GET", path)).text).toBe("[]\n")
    expect(await introspect(ory, access_token)).toEqual({ active: false })
  })
})
