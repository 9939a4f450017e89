import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  claimsOf,
  exchange,
  introspect,
  logIn,
  machineToken,
  orders,
  postToken,
  refresh,
  tenant,
  userTokens,
  verifies,
  worker,
} from "./kinde-tenant.ts"

let kinde: KindeEmulator
const clock = { offset: 0 }
beforeAll(async () => {
  kinde = await tenant({ now: () => Date.now() + clock.offset })
})
afterAll(() => kinde.close())

describe("a user's tokens at Kinde", () => {
  it("are JWTs with subject, scopes, organization, permissions and flags, and without client_id", async () => {
    const response = await userTokens(kinde, { audience: orders, scope: "openid offline read:orders" })
    expect(response).toMatchObject({ expires_in: 86_399, token_type: "bearer", scope: "openid offline read:orders" })
    expect(claimsOf(response.access_token, 0)).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
    })
    expect(claimsOf(response.access_token)).toEqual({
      iss: kinde.issuer,
      sub: "kp_0123456789abcdef0123456789abcdef",
      aud: [orders],
      azp: "web",
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scp: ["openid", "offline", "read:orders"],
      org_code: "org_1",
      org_name: "Acme",
      permissions: ["orders:read"],
      feature_flags: { beta: { t: "b", v: true }, seats: { t: "i", v: 5 }, theme: { t: "s", v: "dark" } },
      v: "2",
    })
    expect(response.refresh_token).toMatch(/^[\w-]{43}\.[\w-]{43}$/)
    expect(await verifies(kinde, response.access_token)).toBe(true)
  })

  it("have an empty audience unless the request names one", async () => {
    expect(claimsOf((await userTokens(kinde)).access_token).aud).toEqual([])
  })

  it("include an ID token for issuer and client, whose updated_at is written with an exponent", async () => {
    const { id_token } = await userTokens(kinde)
    expect(claimsOf(id_token)).toMatchObject({
      iss: kinde.issuer,
      aud: [kinde.issuer, "web"],
      azp: "web",
      nonce: "some-nonce",
      email: "ada@example.org",
      name: "Ada Lovelace",
      org_codes: ["org_1", "org_2"],
      updated_at: 1_685_522_721,
      at_hash: expect.any(String),
      rat: expect.any(Number),
    })
    expect(Buffer.from(String(id_token).split(".")[1] ?? "", "base64url").toString()).toContain("1.685522721e+09")
  })

  it("include no refresh token for the scope offline_access, and no error", async () => {
    const response = await userTokens(kinde, { scope: "openid offline_access" })
    expect(response.refresh_token).toBeUndefined()
    expect(response.scope).toBe("openid offline_access")
  })

  it("are replaced by a refresh, which ends the old refresh token and not the old access token", async () => {
    const first = await userTokens(kinde)
    const second = (await refresh(kinde, first.refresh_token)).json
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(claimsOf(second.id_token).nonce).toBeUndefined()
    expect((await introspect(kinde, first.access_token)).json.active).toBe(true)
    expect(await refresh(kinde, first.refresh_token)).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    expect((await refresh(kinde, second.refresh_token)).status).toBe(200)
  })

  it("are not issued for a reused code, a wrong verifier, another redirect URI or another client", async () => {
    const code = (await logIn(kinde)).get("code")
    expect((await exchange(kinde, code, { code_verifier: "w".repeat(64) })).json.error).toBe("invalid_grant")
    expect((await exchange(kinde, code, { redirect_uri: "http://127.0.0.1:9/x" })).json.error).toBe("invalid_grant")
    expect((await exchange(kinde, code, { client_id: "page" })).json.error).toBe("invalid_grant")
    const good = await exchange(kinde, code)
    expect(good.status).toBe(200)
    expect(await exchange(kinde, code)).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    expect((await introspect(kinde, good.json.access_token)).json).toEqual({ active: false })
  })

  it("expire", async () => {
    const { access_token, refresh_token } = await userTokens(kinde)
    clock.offset = 86_401_000
    expect((await introspect(kinde, access_token)).json).toEqual({ active: false })
    clock.offset = 1_296_001_000
    expect((await refresh(kinde, refresh_token)).json.error).toBe("invalid_grant")
    clock.offset = 0
  })
})

describe("a machine's token at Kinde", () => {
  it("has every enabled scope, an empty scp and no subject when the request has no scope", async () => {
    const { json } = await machineToken(kinde, { audience: orders })
    expect(json).toMatchObject({ scope: "", token_type: "bearer", expires_in: 86_399 })
    expect(json.refresh_token).toBeUndefined()
    expect(claimsOf(json.access_token)).toEqual({
      iss: kinde.issuer,
      aud: [orders],
      azp: "worker",
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      gty: ["client_credentials"],
      scope: "read:orders write:orders",
      scp: [],
      v: "2",
    })
  })

  it("lists the requested scopes in scp", async () => {
    const claims = claimsOf((await machineToken(kinde, { audience: orders, scope: "read:orders" })).json.access_token)
    expect(claims).toMatchObject({ scope: "read:orders", scp: ["read:orders"] })
  })

  it.each(["repeated", "joined"])("has several audiences when the parameter is %s", async (how) => {
    const audiences = [orders, `${kinde.issuer}/api`]
    const values = how === "repeated" ? audiences : [audiences.join(" ")]
    const form = Object.entries({ grant_type: "client_credentials", ...worker })
    for (const audience of values) form.push(["audience", audience])
    const { json } = await postToken(kinde, form)
    expect(claimsOf(json.access_token).aud).toEqual(audiences)
  })
})

describe("the token endpoint of Kinde", () => {
  it.each([{}, { grant_type: "client_credentials" }, { grant_type: "refresh_token", client_id: "unknown" }])(
    "rejects an unknown client in plain text: %o",
    async (form) => {
      const response = await postToken(kinde, form)
      expect(response).toMatchObject({ status: 400, text: "not_found\n" })
      expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8")
    },
  )

  it.each([
    [401, "invalid_client", { client_secret: "wrong" }],
    [403, "invalid_request", { audience: "https://elsewhere.example" }],
    [403, "invalid_request", { audience: "" }],
    [403, "invalid_scope", { scope: "read:widgets" }],
    [400, "unsupported_grant_type", { grant_type: "password" }],
    [400, "unauthorized_client", { grant_type: "authorization_code" }],
  ] as const)("returns %i %s for %o", async (status, error, more) => {
    const response = await machineToken(kinde, more)
    expect(response).toMatchObject({ status, json: { error, error_description: expect.any(String) } })
  })
})
