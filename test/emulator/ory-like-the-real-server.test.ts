import { type OryEmulatorOptions, startOry } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { makeBrowser, parameter } from "./browser.ts"
import { accept, admin, authorizeUrl, exchange, introspect, logIn, post, shop } from "./ory-steps.ts"

const versions = ["v2.3.0", "v26.2.0", "unreleased"] as const
const start = (options: OryEmulatorOptions = {}) => startOry({ seed: { clients: [shop] }, ...options })

describe("a client without a chosen id", () => {
  it.each(versions)("has a registration_client_uri without its id in %s", async (version) => {
    await using ory = await start({ version })
    const { json } = await admin(ory, "POST", "/admin/clients", {})
    expect(json.registration_client_uri).toBe(`${ory.publicUrl}/oauth2/register/`)
  })
})

describe("a client id with a NUL", () => {
  it("is accepted", async () => {
    await using ory = await start()
    const { status, json } = await admin(ory, "POST", "/admin/clients", { client_id: "a\0b" })
    expect([status, json.client_id]).toEqual([201, "a\0b"])
  })
})

describe("a user code", () => {
  it("mixes cases and digits, is case-sensitive, and is masked in the redirect", async () => {
    const grant_types = ["urn:ietf:params:oauth:grant-type:device_code"]
    await using ory = await start({
      seed: { clients: [{ client_id: "tv", token_endpoint_auth_method: "none", grant_types }] },
    })
    const codes: Array<string> = []
    for (let index = 0; index < 20; index++) {
      const { json } = await post(`${ory.publicUrl}/oauth2/device/auth`, { client_id: "tv" })
      codes.push(String(json.user_code))
    }
    expect(codes.every((code) => /^[A-Za-z0-9]{8}$/.test(code))).toBe(true)
    for (const kind of [/[a-z]/, /[A-Z]/, /\d/]) expect(codes.join("")).toMatch(kind)
    const code = codes.find((each) => /[a-z]/.test(each)) ?? ""
    const page = await makeBrowser().visit(`${ory.publicUrl}/oauth2/device/verify`)
    const challenge = new URLSearchParams({ device_challenge: parameter(page, "device_challenge") })
    const path = `/admin/oauth2/auth/requests/device/accept?${challenge}`
    expect((await admin(ory, "PUT", path, { user_code: code.toUpperCase() })).status).toBe(400)
    expect((await admin(ory, "PUT", path, { user_code: code })).json.redirect_to).toMatch(/&user_code=\*\*\*\*$/)
  })
})

describe("a rejected logout request", () => {
  it.each([
    ["v2.3.0", 404],
    ["v26.2.0", 404],
    ["unreleased", 200],
  ] as const)("in %s is read with status %i", async (version, status) => {
    await using ory = await start({ version })
    const browser = makeBrowser()
    const login = await browser.visit(authorizeUrl(ory))
    const consent = await browser.visit(await accept(ory, "login", login, { subject: "u1", remember: true }))
    const callback = await browser.visit(await accept(ory, "consent", consent, { grant_scope: ["openid"] }))
    const { id_token } = (await exchange(ory, parameter(callback, "code"))).json
    const query = new URLSearchParams({ id_token_hint: String(id_token) })
    const page = await browser.visit(`${ory.publicUrl}/oauth2/sessions/logout?${query}`)
    const path = "/admin/oauth2/auth/requests/logout"
    const challenge = `logout_challenge=${parameter(page, "logout_challenge")}`
    const before = await admin(ory, "GET", `${path}?${challenge}`)
    expect(before.json.expires_at === null).toBe(version !== "unreleased")
    await admin(ory, "PUT", `${path}/reject?${challenge}`)
    expect((await admin(ory, "GET", `${path}?${challenge}`)).status).toBe(status)
  })
})

describe("a user's opaque token", () => {
  it.each(versions)("is active in %s", async (version) => {
    await using ory = await start({ version })
    const { access_token } = (await exchange(ory, parameter(await logIn(ory), "code"))).json
    expect(await introspect(ory, access_token)).toMatchObject({ active: true, sub: "u1" })
  })
})
