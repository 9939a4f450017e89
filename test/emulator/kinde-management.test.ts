import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { bearer, callback, claimsOf, get, machine, manager, orders, tenant, userTokens } from "./kinde-tenant.ts"

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

const created = async (type = "reg") => {
  const { json } = await call("POST", "/applications", { name: "Made", type })
  const application = json.application
  return { ...Object(application) }
}

describe("the credential of Kinde's Management API", () => {
  const errors = async (headers: Record<string, string>, path = "/applications") =>
    get(`${kinde.issuer}/api/v1${path}`, headers)

  it("is missing with 403 and two entries, on paths that do not exist too", async () => {
    for (const path of ["/applications", "/nowhere"]) {
      expect(await errors({}, path)).toMatchObject({
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

  it.each(["nonsense", "a.b.c"])("is no token: %s", async (token) => {
    const { status, json } = await errors(bearer(token))
    expect(status).toBe(403)
    expect(json.errors).toMatchObject([{ code: "INVALID_CREDENTIALS" }, { code: "TOKEN_INVALID" }])
  })

  it("is a user's, another audience's, or too old", async () => {
    const { access_token } = await userTokens(kinde)
    const elsewhere = (await machine(kinde, { audience: orders })).json.access_token
    const old = (await machine(kinde)).json.access_token
    for (const token of [access_token, elsewhere]) expect((await errors(bearer(token))).status).toBe(403)
    clock.offset = 86_401_000
    expect((await errors(bearer(old))).json.errors).toMatchObject([{}, { code: "TOKEN_INVALID" }])
  })

  it("is a user's although the audience is right", async () => {
    await using own = await tenant()
    const app = { id: "web", type: "reg", secret: "web-secret", redirectUris: [callback], management: true } as const
    own.seed({ applications: [app] })
    const more = { audience: `${own.apiHost}/api`, scope: "openid read:applications" }
    const { access_token } = await userTokens(own, more)
    expect(claimsOf(access_token).aud).toEqual([`${own.apiHost}/api`])
    expect((await get(`${own.issuer}/api/v1/applications`, bearer(access_token))).status).toBe(403)
  })

  it("lacks a scope", async () => {
    const { json } = await machine(kinde, { client_id: "reader", client_secret: "reader-secret" })
    expect((await errors(bearer(json.access_token))).status).toBe(200)
    expect(await errors(bearer(json.access_token), "/connected_apps/token?session_id=x")).toMatchObject({
      status: 403,
      json: { errors: [{ code: "SCOPE_MISSING", message: "Scope is missing: read:connected_apps" }] },
    })
  })

  it("is good, and the route is unknown: errors is an object", async () => {
    const answer = await call("GET", "/nowhere")
    expect(answer).toMatchObject({ status: 404, json: { errors: { code: "ROUTE_NOT_FOUND" } } })
    expect((await call("PUT", "/applications")).status).toBe(404)
    expect(await call("GET", "/connected_apps/revoke")).toMatchObject({ status: 405, text: "" })
  })
})

describe("Kinde's applications", () => {
  it("are created with 201, and tell their secret then and every time", async () => {
    const answer = await call("POST", "/applications", { name: "Made", type: "reg" })
    expect(answer.status).toBe(201)
    const { id, client_id, client_secret } = Object(answer.json.application)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(client_id).toBe(id)
    const shown = await call("GET", `/applications/${id}`)
    expect(shown.json).toMatchObject({ code: "OK", application: { id, name: "Made", type: "reg", client_secret } })
    expect(Object.keys(Object(shown.json.application))).not.toContain("redirect_uris")
    expect((await created("spa")).client_secret).toBe("")
  })

  it("are refused without a name, with an unknown type, or in an organization unless m2m", async () => {
    for (const body of [{ type: "reg" }, { name: "x", type: "web" }, { name: "x", type: "reg", org_code: "org_1" }]) {
      expect(await call("POST", "/applications", body)).toMatchObject({ status: 400, json: { errors: [{}] } })
    }
    expect((await call("POST", "/applications", { name: "x", type: "m2m", org_code: "org_1" })).status).toBe(201)
  })

  it("are patched without a body in the answer, URLs included, and what is unknown is ignored", async () => {
    const { id } = await created()
    const patch = { name: "New", type: "m2m", is_ask_for_name: false, redirect_uris: [callback], odd: 1 }
    expect(await call("PATCH", `/applications/${id}`, patch)).toMatchObject({ status: 200, text: "" })
    const { json } = await call("GET", `/applications/${id}`)
    expect(json.application).toMatchObject({ name: "New", type: "reg", is_ask_for_name: false })
    expect((await call("GET", `/applications/${id}/auth_redirect_urls`)).json).toEqual({ redirect_urls: [callback] })
    const control = await call("PATCH", `/applications/${id}`, { is_access_control_enabled: true })
    expect(control).toMatchObject({ status: 400, json: { errors: [{ code: "ACCESS_ROLES_REQUIRED" }] } })
  })

  it("are gone with 400, not 404", async () => {
    const { id } = await created()
    expect((await call("DELETE", `/applications/${id}`)).json).toEqual({ code: "OK", message: "Success" })
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const answer = await call(method, `/applications/${id}`, method === "PATCH" ? {} : undefined)
      expect(answer).toMatchObject({ status: 400, json: { errors: [{ code: "APPLICATION_NOT_FOUND" }] } })
    }
  })

  it("have token settings that nothing shows and every token follows", async () => {
    await using own = await tenant()
    const manage = await manager(own)
    const settings = { access_token_lifetime: 60, is_hasura_mapping_enabled: true }
    expect((await manage("PATCH", "/applications/web/tokens", settings)).json).toEqual({
      code: "OK",
      message: "Success",
    })
    expect((await manage("GET", "/applications/web/tokens")).status).toBe(404)
    const { access_token, expires_in } = await userTokens(own)
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
  ] as const)("are added to, replaced and shortened: %s", async (list, envelope) => {
    const path = `/applications/${(await created()).id}/${list}`
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

  it("can be strict about what is there and what is not", async () => {
    await using strict = await tenant({ duplicateUrl: "refused", unknownUrl: "refused", undocumentedBody: "envelope" })
    const manage = await manager(strict)
    expect((await manage("POST", "/applications/web/auth_redirect_urls", { urls: [callback] })).status).toBe(400)
    expect((await manage("DELETE", "/applications/web/auth_logout_urls?urls=https://none.example")).status).toBe(400)
    expect((await manage("PATCH", "/applications/web", {})).json.code).toBe("OK")
  })
})

describe("faults at Kinde", () => {
  it("are throttling with seconds to wait, and a bot filter's empty 202", async () => {
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
