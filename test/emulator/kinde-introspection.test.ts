import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bearer,
  get,
  introspect,
  machine,
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

const revoke = (to: KindeEmulator, form: Record<string, string>, headers: Record<string, string> = {}) =>
  post(`${to.issuer}/oauth2/revoke`, form, headers)

describe("Kinde's introspection", () => {
  it("says whether a token lives, whose it is, for whom and until when, and nothing else", async () => {
    const { access_token } = await userTokens(kinde)
    const { json } = await introspect(kinde, access_token)
    expect(json).toEqual({ active: true, aud: [], client_id: "web", exp: expect.any(Number), iat: expect.any(Number) })
  })

  it("says of anything else that it is not active", async () => {
    const { access_token } = await userTokens(kinde)
    expect((await introspect(kinde, "garbage")).json).toEqual({ active: false })
    expect((await introspect(kinde, `${String(access_token).slice(0, -4)}AAAA`)).json).toEqual({ active: false })
  })

  it("takes Bearer and Basic, and refuses form credentials, the token itself and nothing", async () => {
    const { access_token } = await userTokens(kinde)
    expect((await introspect(kinde, access_token, basic("web", "web-secret"))).json.active).toBe(true)
    expect((await introspect(kinde, access_token, basic("web", "wrong"))).status).toBe(401)
    expect((await introspect(kinde, access_token, bearer(access_token))).json.error).toBe("request_unauthorized")
    expect((await introspect(kinde, access_token, bearer("nonsense"))).status).toBe(401)
    const form = await post(`${kinde.issuer}/oauth2/introspect`, { token: String(access_token), ...web })
    expect(form).toMatchObject({ status: 401, json: { error: "request_unauthorized" } })
  })

  it("can take one kind of credential only", async () => {
    await using machines = await tenant({ introspection: "m2m" })
    const { access_token } = await userTokens(machines)
    const other = (await userTokens(machines)).access_token
    expect((await introspect(machines, access_token)).json.active).toBe(true)
    expect((await introspect(machines, access_token, bearer(other))).status).toBe(401)
    expect((await introspect(machines, access_token, basic("web", "web-secret"))).status).toBe(401)
  })

  it("can write times as strings, the audience as one, and say more", async () => {
    await using odd = await tenant({ numbersAsStrings: true, audienceAsString: true, introspectionExtras: true })
    const { access_token } = (await machine(odd)).json
    const { json } = await introspect(odd, access_token, basic("worker", "worker-secret"))
    expect(json).toMatchObject({ aud: `${odd.issuer}/api`, exp: expect.stringMatching(/^\d+$/), token_type: "Bearer" })
  })
})

describe("Kinde's revocation", () => {
  it("is remembered although the signature still verifies", async () => {
    const { access_token, refresh_token } = await userTokens(kinde)
    expect(await revoke(kinde, { token: String(access_token), ...web })).toMatchObject({ status: 200, text: "" })
    expect((await introspect(kinde, access_token)).json).toEqual({ active: false })
    expect(await verifies(kinde, access_token)).toBe(true)
    expect((await refresh(kinde, refresh_token)).status).toBe(200)
  })

  it("of a refresh token ends the refresh and leaves the access token", async () => {
    const { access_token, refresh_token } = await userTokens(kinde)
    await revoke(kinde, { token: String(refresh_token), token_type_hint: "refresh_token", ...web })
    expect((await refresh(kinde, refresh_token)).json.error).toBe("invalid_grant")
    expect((await introspect(kinde, access_token)).json.active).toBe(true)
  })

  it("succeeds without effect on a token that is unknown or another application's", async () => {
    const { access_token } = await userTokens(kinde)
    expect(await revoke(kinde, { token: "unknown", ...web })).toMatchObject({ status: 200, text: "" })
    expect(await revoke(kinde, { token: String(access_token), ...worker })).toMatchObject({ status: 200 })
    expect((await introspect(kinde, access_token)).json.active).toBe(true)
  })

  it("has two dialects of errors", async () => {
    expect(await revoke(kinde, web)).toMatchObject({ status: 400, json: { errors: [{ code: "TOKEN_REQUIRED" }] } })
    expect((await revoke(kinde, { token: "x" })).json.errors).toHaveLength(1)
    const wrong = await revoke(kinde, { token: "x", client_id: "web", client_secret: "wrong" })
    expect(wrong).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    const credential = await revoke(kinde, { token: "x", ...web }, bearer("nonsense"))
    expect(credential).toMatchObject({ status: 403, json: { errors: [{ code: "INVALID_CREDENTIALS" }, {}] } })
  })

  it("can refuse an unknown token in either dialect, and end access with the refresh token", async () => {
    await using strict = await tenant({ revokeUnknown: "errors", revokingRefreshEndsAccess: true })
    expect(await revoke(strict, { token: "unknown", ...web })).toMatchObject({ status: 400, json: { errors: [{}] } })
    const { access_token, refresh_token } = await userTokens(strict)
    await revoke(strict, { token: String(refresh_token), ...web })
    expect((await introspect(strict, access_token)).json).toEqual({ active: false })
  })
})

describe("Kinde's user profile", () => {
  const profile = (of: KindeEmulator, token: unknown) => get(`${of.issuer}/oauth2/v2/user_profile`, bearer(token))

  it("has what the scopes allow, and the subject twice", async () => {
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

  it("had other names in its first version", async () => {
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

  it("refuses a bad, a machine's and a revoked token with 403 and no body", async () => {
    const { access_token } = await userTokens(kinde)
    await revoke(kinde, { token: String(access_token), ...web })
    for (const token of ["nonsense", (await machine(kinde)).json.access_token, access_token]) {
      expect(await profile(kinde, token)).toMatchObject({ status: 403, text: "" })
    }
  })

  it("can refuse with 401 and a body, know revoked tokens, and have no first version", async () => {
    await using odd = await tenant({
      userProfileRefusal: { status: 401, body: true },
      refusesRevoked: false,
      legacyUserProfile: false,
    })
    expect(await profile(odd, "nonsense")).toMatchObject({ status: 401, json: { error: "invalid_token" } })
    const { access_token } = await userTokens(odd)
    await revoke(odd, { token: String(access_token), ...web })
    expect((await profile(odd, access_token)).status).toBe(200)
    expect((await get(`${odd.issuer}/oauth2/user_profile`, bearer(access_token))).status).toBe(404)
  })
})
