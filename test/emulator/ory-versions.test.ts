import { type OryEmulator, type OryEmulatorOptions, startOry } from "@latchkey/testing"
import { afterEach, describe, expect, it } from "vitest"
import { makeBrowser, parameter } from "./browser.ts"
import { accept, admin, introspect, post, shop, userTokens } from "./ory-steps.ts"

const started: Array<OryEmulator> = []
const start = async (options?: OryEmulatorOptions) => {
  const ory = await startOry(options)
  started.push(ory)
  return ory
}
afterEach(() => Promise.all(started.splice(0).map((ory) => ory.close())))

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
const television = {
  client_id: "tv",
  token_endpoint_auth_method: "none",
  grant_types: [deviceGrant, "refresh_token"],
  scope: "openid offline_access a",
}

describe("the device flow", () => {
  it("is absent from the older release", async () => {
    const ory = await start({ version: "v2.3.0" })
    const response = await post(`${ory.publicUrl}/oauth2/device/auth`, { client_id: "tv" })
    expect(response).toMatchObject({ status: 404, text: "404 page not found\n" })
    const document = await (await fetch(`${ory.publicUrl}/.well-known/openid-configuration`)).json()
    expect(document).not.toHaveProperty("device_authorization_endpoint")
  })

  it("leads from the user code through login and consent to tokens, once", async () => {
    const ory = await start({ seed: { clients: [television] } })
    const device = await post(`${ory.publicUrl}/oauth2/device/auth`, { client_id: "tv", scope: "openid a" })
    expect(device.json).toMatchObject({ expires_in: 600, interval: 5, Header: null })
    const poll = () =>
      post(`${ory.publicUrl}/oauth2/token`, {
        grant_type: deviceGrant,
        client_id: "tv",
        device_code: String(device.json.device_code),
      })
    expect(await poll()).toMatchObject({ status: 400, json: { error: "authorization_pending" } })

    const browser = makeBrowser()
    const page = await browser.visit(String(device.json.verification_uri_complete))
    const challenge = new URLSearchParams({ device_challenge: parameter(page, "device_challenge") })
    const path = `/admin/oauth2/auth/requests/device/accept?${challenge}`
    expect((await admin(ory, "PUT", path, { user_code: "WRONG" })).status).toBe(400)
    const accepted = await admin(ory, "PUT", path, { user_code: parameter(page, "user_code") })
    const login = await browser.visit(String(accepted.json.redirect_to))
    const consent = await browser.visit(await accept(ory, "login", login, { subject: "u1" }))
    const done = await browser.visit(await accept(ory, "consent", consent, { grant_scope: ["openid", "a"] }))
    expect(parameter(done, "client_id")).toBe("tv")

    const response = await poll()
    expect(response).toMatchObject({ status: 200, json: { scope: "openid a" } })
    expect(await introspect(ory, response.json.access_token)).toMatchObject({ active: true, sub: "u1" })
    expect(await poll()).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
  })
})

describe("an unknown route", () => {
  it("returns a JSON object on the older admin port and plain text elsewhere", async () => {
    const [old, newest] = [await start({ version: "v2.3.0" }), await start()]
    const response = await admin(old, "GET", "/admin/nope")
    expect(response).toMatchObject({ status: 404, json: { error: { code: 404, message: "Not Found" } } })
    expect((await admin(newest, "GET", "/admin/nope")).text).toBe("404 page not found\n")
  })
})

describe("JWT access tokens", () => {
  it("have scopes in scp, and an iat one second after that of introspection", async () => {
    const ory = await start({ accessTokens: "jwt", seed: { clients: [shop] } })
    const { access_token } = await userTokens(ory)
    const [header, claims] = String(access_token)
      .split(".")
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()))
    expect(header).toMatchObject({ alg: "RS256", typ: "JWT" })
    expect(claims).toMatchObject({ aud: [], client_id: "shop", ext: { tenant: "acme" }, sub: "u1", iss: ory.issuer })
    expect(claims.scp).toEqual(["openid", "offline_access", "a"])
    const state = await introspect(ory, access_token)
    expect([claims.iat - Number(state.iat), claims.exp - Number(state.exp)]).toEqual([1, 0])
    const { keys } = await (await fetch(`${ory.publicUrl}/.well-known/jwks.json`)).json()
    expect(keys.map(({ kid }: { kid: string }) => kid)).toContain(header.kid)
  })
})

describe("the network layout", () => {
  it("serves both sides on one host and requires the API key under /admin only", async () => {
    const ory = await start({ layout: "network", apiKey: "ory_pat_test" })
    expect(ory.adminUrl).toBe(ory.publicUrl)
    const list = (headers: Record<string, string>) => fetch(`${ory.adminUrl}/admin/clients`, { headers })
    const unauthorized = await list({})
    expect(unauthorized.status).toBe(401)
    expect(await unauthorized.json()).toMatchObject({ error: { code: 401, status: "Unauthorized" } })
    expect((await list({ authorization: "Bearer ory_pat_test" })).status).toBe(200)
    const publicResponse = await post(
      `${ory.publicUrl}/oauth2/revoke`,
      { token: "x" },
      { authorization: "Bearer ory_pat_test" },
    )
    expect(publicResponse.status).toBe(400)
  })
})

describe("self-service registration", () => {
  it("changes the registration token with every replacement", async () => {
    const ory = await start()
    const base = `${ory.publicUrl}/oauth2/register`
    const created = await (await fetch(base, { method: "POST", body: JSON.stringify({ client_name: "own" }) })).json()
    const call = (method: string, token: string, body?: string) =>
      fetch(`${base}/${created.client_id}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      })
    const first = created.registration_access_token
    expect((await call("GET", first)).status).toBe(200)
    const replaced = await (await call("PUT", first, JSON.stringify({ client_name: "newer" }))).json()
    expect((await call("GET", first)).status).toBe(401)
    const second = replaced.registration_access_token
    await admin(ory, "PUT", `/admin/clients/${created.client_id}`, {})
    expect((await call("GET", second)).status).toBe(401)
  })
})
