import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { bearer, callback, claimsOf, get, machineToken, manager, orders, tenant, userTokens } from "./kinde-tenant.ts"

let kinde: KindeEmulator
let call: Awaited<ReturnType<typeof manager>>
const clock = { offset: 0 }
beforeAll(async () => {
  kinde = await tenant({ now: () => Date.now() + clock.offset })
})
afterAll(() => kinde.close())
beforeEach(async () => {
  clock.offset = 0
  call = await manager(kinde)
})

const createApplication = async (type = "reg") => {
  const { json } = await call("POST", "/applications", { name: "Made", type })
  const application = json.application
  return { ...Object(application) }
}

describe("Kinde's Management API", () => {
  const request = async (headers: Record<string, string>, path = "/applications") =>
    get(`${kinde.issuer}/api/v1${path}`, headers)

  it("rejects a missing token with 403 and two errors, on unknown paths too", async () => {
    for (const path of ["/applications", "/nowhere"]) {
      expect(await request({}, path)).toMatchObject({
        status: 403,
        json: {
          errors: [
            { code: "INVALID_CREDENTIALS", message: "Invalid credentials used to access API" },
            { code: "INVALID_AUTHORIZATION_HEADER", message: "Invaild authorization header" },
          ],
        },
      })
    }
  })

  it.each(["nonsense", "a.b.c"])("rejects an invalid token: %s", async (token) => {
    const { status, json } = await request(bearer(token))
    expect(status).toBe(403)
    expect(json.errors).toMatchObject([{ code: "INVALID_CREDENTIALS" }, { code: "TOKEN_INVALID" }])
  })

  it("rejects a user's token, a token for another audience and an expired token", async () => {
    const { access_token } = await userTokens(kinde)
    const otherAudience = (await machineToken(kinde, { audience: orders })).json.access_token
    const old = (await machineToken(kinde)).json.access_token
    for (const token of [access_token, otherAudience]) expect((await request(bearer(token))).status).toBe(403)
    clock.offset = 86_401_000
    expect((await request(bearer(old))).json.errors).toMatchObject([{}, { code: "TOKEN_INVALID" }])
  })

  it("rejects a user's token that has the right audience", async () => {
    await using emulator = await tenant()
    const app = { id: "web", type: "reg", secret: "web-secret", redirectUris: [callback], management: true } as const
    emulator.seed({ applications: [app] })
    const more = { audience: `${emulator.apiHost}/api`, scope: "openid read:applications" }
    const { access_token } = await userTokens(emulator, more)
    expect(claimsOf(access_token).aud).toEqual([`${emulator.apiHost}/api`])
    expect((await get(`${emulator.issuer}/api/v1/applications`, bearer(access_token))).status).toBe(403)
  })

  it("rejects a token that lacks a scope", async () => {
    const { json } = await machineToken(kinde, { client_id: "reader", client_secret: "reader-secret" })
    expect((await request(bearer(json.access_token))).status).toBe(200)
    expect(await request(bearer(json.access_token), "/connected_apps/token?session_id=x")).toMatchObject({
      status: 403,
      json: { errors: [{ code: "SCOPE_MISSING", message: "Scope is missing: read:connected_apps" }] },
    })
  })

  it("returns errors as an object for an unknown route", async () => {
    const response = await call("GET", "/nowhere")
    expect(response).toMatchObject({ status: 404, json: { errors: { code: "ROUTE_NOT_FOUND" } } })
    expect((await call("PUT", "/applications")).status).toBe(404)
    expect(await call("GET", "/connected_apps/revoke")).toMatchObject({ status: 405, text: "" })
  })
})

describe("Kinde's applications", () => {
  it("are created with 201, and return their secret then and on every read", async () => {
    const response = await call("POST", "/applications", { name: "Made", type: "reg" })
    expect(response.status).toBe(201)
    const { id, client_id, client_secret } = Object(response.json.application)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(client_id).toBe(id)
    const read = await call("GET", `/applications/${id}`)
    expect(read.json).toMatchObject({ code: "OK", application: { id, name: "Made", type: "reg", client_secret } })
    expect(Object.keys(Object(read.json.application))).not.toContain("redirect_uris")
    expect((await createApplication("spa")).client_secret).toBe("")
  })

  it("are rejected without a name, with an unknown type, or in an organization unless m2m", async () => {
    for (const body of [{ type: "reg" }, { name: "x", type: "web" }, { name: "x", type: "reg", org_code: "org_1" }]) {
      expect(await call("POST", "/applications", body)).toMatchObject({ status: 400, json: { errors: [{}] } })
    }
    expect((await call("POST", "/applications", { name: "x", type: "m2m", org_code: "org_1" })).status).toBe(201)
  })

  it("are patched with an empty response, URLs included, and ignore unknown members", async () => {
    const { id } = await createApplication()
    const patch = { name: "New", type: "m2m", is_ask_for_name: false, redirect_uris: [callback], odd: 1 }
    expect(await call("PATCH", `/applications/${id}`, patch)).toMatchObject({ status: 200, text: "" })
    const { json } = await call("GET", `/applications/${id}`)
    expect(json.application).toMatchObject({ name: "New", type: "reg", is_ask_for_name: false })
    expect((await call("GET", `/applications/${id}/auth_redirect_urls`)).json).toEqual({ redirect_urls: [callback] })
    const control = await call("PATCH", `/applications/${id}`, { is_access_control_enabled: true })
    expect(control).toMatchObject({ status: 400, json: { errors: [{ code: "ACCESS_ROLES_REQUIRED" }] } })
  })

  it("return 400, not 404, after their deletion", async () => {
    const { id } = await createApplication()
    expect((await call("DELETE", `/applications/${id}`)).json).toEqual({ code: "OK", message: "Success" })
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const response = await call(method, `/applications/${id}`, method === "PATCH" ? {} : undefined)
      expect(response).toMatchObject({ status: 400, json: { errors: [{ code: "APPLICATION_NOT_FOUND" }] } })
    }
  })

  it("have token settings that cannot be read and that apply to every token", async () => {
    await using emulator = await tenant()
    const manage = await manager(emulator)
    const settings = { access_token_lifetime: 60, is_hasura_mapping_enabled: true }
    expect((await manage("PATCH", "/applications/web/tokens", settings)).json).toEqual({
      code: "OK",
      message: "Success",
    })
    expect((await manage("GET", "/applications/web/tokens")).status).toBe(404)
    const { access_token, expires_in } = await userTokens(emulator)
    expect(expires_in).toBe(59)
    expect(claimsOf(access_token)).toMatchObject({
      "x-hasura-org-code": "org_1",
      "x-hasura-permissions": ["orders:read"],
    })
    expect((await manage("PATCH", "/applications/web/tokens", { refresh_token_lifetime: 30 })).status).toBe(400)
  })
})

describe("Kinde's lists of URLs", () => {
  const one = "https://app.example/one"
  const two = "https://app.example/two"

  it.each([
    ["auth_redirect_urls", (urls: unknown) => ({ redirect_urls: urls })],
    ["auth_logout_urls", (urls: unknown) => ({ logout_urls: urls, code: "OK", message: "Success" })],
  ] as const)("can be extended, replaced and shortened: %s", async (list, envelope) => {
    const path = `/applications/${(await createApplication()).id}/${list}`
    expect((await call("POST", path, { urls: [one] })).json).toEqual({ code: "OK", message: "Success" })
    await call("POST", path, { urls: [one, two] })
    expect((await call("GET", path)).json).toEqual(envelope([one, two]))
    await call("DELETE", `${path}?urls=${encodeURIComponent(`${one},https://app.example/none`)}`)
    expect((await call("GET", path)).json).toEqual(envelope([two]))
    await call("PUT", path, { urls: [one] })
    expect((await call("GET", path)).json).toEqual(envelope([one]))
    expect((await call("DELETE", path)).status).toBe(400)
    expect((await call("POST", path, { urls: ["http://app.example"] })).status).toBe(400)
    expect((await call("POST", path, { urls: [1] })).status).toBe(400)
  })

  it("can reject a duplicate URL and the removal of an unknown URL", async () => {
    await using strict = await tenant({
      duplicateUrl: "rejected",
      unknownUrl: "rejected",
      undocumentedBody: "envelope",
    })
    const manage = await manager(strict)
    expect((await manage("POST", "/applications/web/auth_redirect_urls", { urls: [callback] })).status).toBe(400)
    expect((await manage("DELETE", "/applications/web/auth_logout_urls?urls=https://none.example")).status).toBe(400)
    expect((await manage("PATCH", "/applications/web", {})).json.code).toBe("OK")
  })
})

describe("faults of the Kinde emulator", () => {
  it("include a rate limit with seconds to wait, and the bot filter's empty 202", async () => {
    kinde.faults.add({
      path: "/api/v1/applications",
      fault: { kind: "status", status: 429, headers: { "ratelimit-reset": "30" } },
    })
    kinde.faults.add({
      path: "/api/v1/applications",
      fault: { kind: "status", status: 202, headers: { "x-amzn-waf-action": "challenge" } },
    })
    const throttled = await call("GET", "/applications")
    expect([throttled.status, throttled.headers.get("ratelimit-reset")]).toEqual([429, "30"])
    expect(await call("GET", "/applications")).toMatchObject({ status: 202, text: "" })
    expect((await call("GET", "/applications")).status).toBe(200)
  })
})
