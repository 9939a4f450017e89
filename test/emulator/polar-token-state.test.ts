import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  bearer,
  eve,
  get,
  introspect,
  other,
  post,
  refresh,
  revoke,
  seed,
  shop,
  userInfo,
  userTokens,
} from "./polar-steps.ts"

let clock = Date.UTC(2026, 9, 1)
let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed, now: () => clock })
})
afterAll(() => polar.close())

describe("introspection", () => {
  it("returns the same for both tokens of a pair", async () => {
    const { access_token, refresh_token } = await userTokens(polar)
    const now = Math.floor(clock / 1000)
    const { json } = await introspect(polar, access_token)
    expect(json).toEqual({
      active: true,
      client_id: "shop",
      token_type: "Bearer",
      scope: "openid email",
      sub_type: "user",
      sub: ada,
      organizations: [],
      aud: "shop",
      iss: polar.apiUrl,
      exp: now + 864_000,
      iat: now,
    })
    expect((await introspect(polar, refresh_token)).json).toEqual(json)
  })

  it("uses token_type_hint as a filter", async () => {
    const { access_token, refresh_token } = await userTokens(polar)
    const stateOf = async (token: unknown, token_type_hint: string) =>
      (await introspect(polar, token, { token_type_hint })).json
    expect(await stateOf(access_token, "refresh_token")).toEqual({ active: false })
    expect(await stateOf(refresh_token, "access_token")).toEqual({ active: false })
    expect((await stateOf(refresh_token, "refresh_token")).active).toBe(true)
    const unknown = await introspect(polar, access_token, { token_type_hint: "id_token" })
    expect([unknown.status, unknown.json]).toEqual([401, { error: "unsupported_token_type" }])
  })

  it("returns inactive for another client's token and for an API token", async () => {
    const { access_token } = await userTokens(polar)
    expect((await introspect(polar, access_token, other)).json).toEqual({ active: false })
    expect((await introspect(polar, "polar_pat_ada")).json).toEqual({ active: false })
    const missing = await post(polar, "/v1/oauth2/introspect", shop)
    expect([missing.status, missing.json]).toEqual([400, { error: "invalid_request" }])
  })

  it("returns inactive for a usable refresh token when its access token has expired", async () => {
    const { access_token, refresh_token } = await userTokens(polar)
    clock += 864_000_000
    expect((await introspect(polar, refresh_token)).json).toEqual({ active: false })
    expect((await userInfo(polar, access_token)).json.error).toBe("invalid_token")
    expect((await refresh(polar, refresh_token)).status).toBe(200)
  })

  it("returns the organizations of a narrowed token, before and after a refresh", async () => {
    const query = { sub_type: "organization", organizations: acme, prompt: "consent" }
    const { access_token, refresh_token } = await userTokens(polar, query)
    expect((await introspect(polar, access_token)).json).toMatchObject({ sub_type: "user", organizations: [acme] })
    const { json } = await refresh(polar, refresh_token)
    expect((await introspect(polar, json.access_token)).json.organizations).toEqual([acme])
  })
})

describe("revocation", () => {
  it.each(["access_token", "refresh_token"])(
    "of the %s revokes both tokens of the pair, and no other pair",
    async (kind) => {
      const [pair, another] = [await userTokens(polar), await userTokens(polar)]
      const { status, text } = await revoke(polar, pair[kind], { token_type_hint: kind })
      expect([status, text]).toEqual([200, "{}"])
      expect((await userInfo(polar, pair.access_token)).status).toBe(401)
      expect((await refresh(polar, pair.refresh_token)).json).toEqual({ error: "invalid_grant" })
      expect((await revoke(polar, pair[kind])).text).toBe("{}")
      expect((await userInfo(polar, another.access_token)).status).toBe(200)
    },
  )

  it("with the wrong token_type_hint succeeds without effect", async () => {
    const { access_token } = await userTokens(polar)
    expect((await revoke(polar, access_token, { token_type_hint: "refresh_token" })).text).toBe("{}")
    expect((await userInfo(polar, access_token)).status).toBe(200)
  })

  it("of another client's token is rejected", async () => {
    const { access_token } = await userTokens(polar)
    const { status, json } = await revoke(polar, access_token, other)
    expect([status, json]).toEqual([400, { error: "invalid_grant" }])
    expect((await revoke(polar, "polar_at_u_unknown")).text).toBe("{}")
    expect((await post(polar, "/v1/oauth2/revoke", shop)).json).toEqual({ error: "invalid_request" })
  })
})

describe("userinfo", () => {
  it("supports GET and POST, and returns an email only for its scope and never a name", async () => {
    const { access_token } = await userTokens(polar)
    const full = { sub: ada, email: "ada@example.com", email_verified: true }
    expect((await userInfo(polar, access_token)).json).toEqual(full)
    expect((await post(polar, "/v1/oauth2/userinfo", {}, bearer(access_token))).json).toEqual(full)
    const { access_token: bare } = await userTokens(polar, { scope: "products:read" })
    expect((await userInfo(polar, bare)).json).toEqual({ sub: ada })
  })

  it("requires an OAuth access token", async () => {
    const anonymous = await get(polar, "/v1/oauth2/userinfo")
    expect([anonymous.status, anonymous.json]).toEqual([401, { error: "Unauthorized", detail: "Unauthorized" }])
    expect(anonymous.headers.get("www-authenticate")).toBe('Bearer realm="polar"')
    const { refresh_token } = await userTokens(polar)
    for (const token of [refresh_token, "polar_pat_ada", "polar_oat_acme", "anything"]) {
      const { status, json, headers } = await userInfo(polar, token)
      expect([status, json.error]).toEqual([401, "invalid_token"])
      expect(headers.get("www-authenticate")).toMatch(/^Bearer realm="polar", error="invalid_token"/)
    }
  })

  it("rejects a blocked user's token, which introspection still reports as active", async () => {
    const { access_token } = await userTokens(polar, { login_hint: "eve@example.com" })
    expect((await userInfo(polar, access_token)).json).toMatchObject({ sub: eve, email_verified: false })
    polar.seed({ users: [{ id: eve, email: "eve@example.com", blocked: true }] })
    expect((await userInfo(polar, access_token)).status).toBe(401)
    expect((await introspect(polar, access_token)).json.active).toBe(true)
  })
})
