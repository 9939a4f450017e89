import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bearer,
  get,
  introspect,
  machineToken,
  post,
  refresh,
  tenant,
  userTokens,
  verifies,
  web,
  worker,
} from "./kinde-tenant.ts"

let kinde: KindeEmulator
beforeAll(async () => {
  kinde = await tenant()
})
afterAll(() => kinde.close())

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
})

const revoke = (emulator: KindeEmulator, form: Record<string, string>, headers: Record<string, string> = {}) =>
  post(`${emulator.issuer}/oauth2/revoke`, form, headers)

describe("Kinde's introspection", () => {
  it("returns state, audience, client and times of a token, and nothing else", async () => {
    const { access_token } = await userTokens(kinde)
    const { json } = await introspect(kinde, access_token)
    expect(json).toEqual({ active: true, aud: [], client_id: "web", exp: expect.any(Number), iat: expect.any(Number) })
  })

  it("returns inactive for garbage and for a token with a wrong signature", async () => {
    const { access_token } = await userTokens(kinde)
    expect((await introspect(kinde, "garbage")).json).toEqual({ active: false })
    expect((await introspect(kinde, `${String(access_token).slice(0, -4)}AAAA`)).json).toEqual({ active: false })
  })

  it("accepts Bearer and Basic, and rejects wrong credentials, form credentials and the token itself", async () => {
    const { access_token } = await userTokens(kinde)
    expect((await introspect(kinde, access_token, basic("web", "web-secret"))).json.active).toBe(true)
    expect((await introspect(kinde, access_token, basic("web", "wrong"))).status).toBe(401)
    expect((await introspect(kinde, access_token, bearer(access_token))).json.error).toBe("request_unauthorized")
    expect((await introspect(kinde, access_token, bearer("nonsense"))).status).toBe(401)
    const form = await post(`${kinde.issuer}/oauth2/introspect`, { token: String(access_token), ...web })
    expect(form).toMatchObject({ status: 401, json: { error: "request_unauthorized" } })
  })

  it("can accept machine tokens only", async () => {
    await using machines = await tenant({ introspection: "m2m" })
    const { access_token } = await userTokens(machines)
    const other = (await userTokens(machines)).access_token
    expect((await introspect(machines, access_token)).json.active).toBe(true)
    expect((await introspect(machines, access_token, bearer(other))).status).toBe(401)
    expect((await introspect(machines, access_token, basic("web", "web-secret"))).status).toBe(401)
  })

  it("can return times as strings, the audience as one string, and extra members", async () => {
    await using variant = await tenant({ numbersAsStrings: true, audienceAsString: true, introspectionExtras: true })
    const { access_token } = (await machineToken(variant)).json
    const { json } = await introspect(variant, access_token, basic("worker", "worker-secret"))
    expect(json).toMatchObject({
      aud: `${variant.issuer}/api`,
      exp: expect.stringMatching(/^\d+$/),
      token_type: "Bearer",
    })
  })
})

describe("Kinde's revocation", () => {
  it("makes a token inactive although its signature still verifies", async () => {
    const { access_token, refresh_token } = await userTokens(kinde)
    expect(await revoke(kinde, { token: String(access_token), ...web })).toMatchObject({ status: 200, text: "" })
    expect((await introspect(kinde, access_token)).json).toEqual({ active: false })
    expect(await verifies(kinde, access_token)).toBe(true)
    expect((await refresh(kinde, refresh_token)).status).toBe(200)
  })

  it("of a refresh token leaves the access token active", async () => {
    const { access_token, refresh_token } = await userTokens(kinde)
    await revoke(kinde, { token: String(refresh_token), token_type_hint: "refresh_token", ...web })
    expect((await refresh(kinde, refresh_token)).json.error).toBe("invalid_grant")
    expect((await introspect(kinde, access_token)).json.active).toBe(true)
  })

  it("succeeds without effect for an unknown token and for another application's token", async () => {
    const { access_token } = await userTokens(kinde)
    expect(await revoke(kinde, { token: "unknown", ...web })).toMatchObject({ status: 200, text: "" })
    expect(await revoke(kinde, { token: String(access_token), ...worker })).toMatchObject({ status: 200 })
    expect((await introspect(kinde, access_token)).json.active).toBe(true)
  })

  it("returns errors in two formats", async () => {
    expect(await revoke(kinde, web)).toMatchObject({ status: 400, json: { errors: [{ code: "TOKEN_REQUIRED" }] } })
    expect((await revoke(kinde, { token: "x" })).json.errors).toHaveLength(1)
    const wrong = await revoke(kinde, { token: "x", client_id: "web", client_secret: "wrong" })
    expect(wrong).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    const credential = await revoke(kinde, { token: "x", ...web }, bearer("nonsense"))
    expect(credential).toMatchObject({ status: 403, json: { errors: [{ code: "INVALID_CREDENTIALS" }, {}] } })
  })

  it("can reject an unknown token, and revoke the access token with the refresh token", async () => {
    await using strict = await tenant({ unknownTokenRevocation: "errors", revokingRefreshEndsAccess: true })
    expect(await revoke(strict, { token: "unknown", ...web })).toMatchObject({ status: 400, json: { errors: [{}] } })
    const { access_token, refresh_token } = await userTokens(strict)
    await revoke(strict, { token: String(refresh_token), ...web })
    expect((await introspect(strict, access_token)).json).toEqual({ active: false })
  })
})

describe("Kinde's user profile", () => {
  const profile = (emulator: KindeEmulator, token: unknown) =>
    get(`${emulator.issuer}/oauth2/v2/user_profile`, bearer(token))

  it("has the claims that the scopes allow, and the subject as sub and id", async () => {
    const { access_token } = await userTokens(kinde)
    const sub = "kp_0123456789abcdef0123456789abcdef"
    expect((await profile(kinde, access_token)).json).toEqual({
      sub,
      id: sub,
      email: "ada@example.org",
      email_verified: true,
      name: "Ada Lovelace",
      given_name: "Ada",
      family_name: "Lovelace",
      picture: null,
      preferred_username: "ada",
      provided_id: null,
      updated_at: 1_685_522_721,
    })
    const bare = await userTokens(kinde, { scope: "openid" })
    expect((await profile(kinde, bare.access_token)).json).toEqual({ sub, id: sub })
  })

  it("has other member names in version 1", async () => {
    const { access_token } = await userTokens(kinde)
    expect((await get(`${kinde.issuer}/oauth2/user_profile`, bearer(access_token))).json).toEqual({
      id: "kp_0123456789abcdef0123456789abcdef",
      preferred_email: "ada@example.org",
      username: "ada",
      provided_id: null,
      first_name: "Ada",
      last_name: "Lovelace",
      picture: "",
    })
  })

  it("rejects an invalid token, a machine's token and a revoked token with 403 and no body", async () => {
    const { access_token } = await userTokens(kinde)
    await revoke(kinde, { token: String(access_token), ...web })
    for (const token of ["nonsense", (await machineToken(kinde)).json.access_token, access_token]) {
      expect(await profile(kinde, token)).toMatchObject({ status: 403, text: "" })
    }
  })

  it("can reject with 401 and a body, accept revoked tokens, and lack version 1", async () => {
    await using variant = await tenant({
      userProfileError: { status: 401, body: true },
      rejectsRevokedTokens: false,
      legacyUserProfile: false,
    })
    expect(await profile(variant, "nonsense")).toMatchObject({ status: 401, json: { error: "invalid_token" } })
    const { access_token } = await userTokens(variant)
    await revoke(variant, { token: String(access_token), ...web })
    expect((await profile(variant, access_token)).status).toBe(200)
    expect((await get(`${variant.issuer}/oauth2/user_profile`, bearer(access_token))).status).toBe(404)
  })
})
