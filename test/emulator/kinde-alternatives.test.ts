/** Options of the Kinde emulator for behaviour that Kinde's documents leave open, unless another test covers them. */
import { makeBrowser } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import {
  bearer,
  claimsOf,
  get,
  introspect,
  machineToken,
  manager,
  post,
  postToken,
  tenant,
  userTokens,
  web,
  worker,
} from "./kinde-tenant.ts"

const basic = { authorization: `Basic ${Buffer.from("web:web-secret").toString("base64")}` }

describe("a Kinde tenant with alternative behaviour", () => {
  it("requires no audience from a machine, and accepts the guide's Management API audience", async () => {
    await using kinde = await tenant({ audienceRequired: false, managementAudience: "/api/v1" })
    const { access_token } = (await postToken(kinde, { grant_type: "client_credentials", ...worker })).json
    expect(claimsOf(access_token)).toMatchObject({ aud: [], scope: "" })
    expect((await machineToken(kinde)).json.error).toBe("invalid_request")
    expect((await machineToken(kinde, { audience: `${kinde.apiHost}/api/v1` })).status).toBe(200)
  })

  it("rejects Basic credentials, and returns inactive for a refresh token", async () => {
    await using kinde = await tenant({ basicAuthentication: false, introspectsRefreshTokens: false })
    const { refresh_token } = await userTokens(kinde)
    expect((await introspect(kinde, refresh_token)).json).toEqual({ active: false })
    expect((await introspect(kinde, refresh_token, basic)).status).toBe(401)
    expect(await post(`${kinde.issuer}/oauth2/token`, { grant_type: "refresh_token" }, basic)).toMatchObject({
      status: 400,
      text: "not_found\n",
    })
  })

  it("introspects refresh tokens and accepts Basic credentials by default", async () => {
    await using kinde = await tenant()
    const { refresh_token } = await userTokens(kinde)
    expect((await introspect(kinde, refresh_token, basic)).json).toMatchObject({
      active: true,
      client_id: web.client_id,
    })
  })

  it("rejects a missing token with 401, and returns 404 for a missing application", async () => {
    await using kinde = await tenant({ managementErrorStatus: 401, missingApplicationStatus: 404 })
    expect((await get(`${kinde.issuer}/api/v1/applications`)).status).toBe(401)
    expect(await (await manager(kinde))("GET", "/applications/none")).toMatchObject({
      status: 404,
      json: { errors: [{ code: "APPLICATION_NOT_FOUND" }] },
    })
  })

  it("rejects with an empty body where the specification has none", async () => {
    await using kinde = await tenant({ emptyErrorBodies: true })
    const path = (rest: string) => `${kinde.issuer}/api/v1${rest}`
    expect(await get(path("/applications/web/auth_redirect_urls"))).toMatchObject({ status: 403, text: "" })
    expect(await get(path("/connected_apps/auth_url"))).toMatchObject({ status: 403, text: "" })
    expect((await get(path("/applications"))).json.errors).toHaveLength(2)
    const reader = (await machineToken(kinde, { client_id: "reader", client_secret: "reader-secret" })).json
      .access_token
    expect(await get(path("/applications/web/auth_redirect_urls"), bearer(reader))).toMatchObject({
      status: 403,
      text: "",
    })
  })

  it("spells scopes as the guide does", async () => {
    await using kinde = await tenant({
      scopeSpelling: "guide",
      seed: {
        applications: [
          { id: "worker", type: "m2m", secret: "worker-secret", management: ["read:applications_redirect_uris"] },
        ],
      },
    })
    expect(await (await manager(kinde))("GET", "/applications/worker/auth_redirect_urls")).toMatchObject({
      status: 403,
      json: { errors: [{ message: "Scope is missing: read:application_redirect_uris" }] },
    })
  })

  it("has one device endpoint, and its grant returns all tokens", async () => {
    const path = "/oauth2/v2/device_authorization"
    await using kinde = await tenant({ devicePath: path, deviceIssuesAllTokens: true })
    expect((await post(`${kinde.issuer}/oauth2/device/auth`, { client_id: "tv" })).status).toBe(404)
    const { json } = await post(`${kinde.issuer}${path}`, { client_id: "tv", scope: "openid offline" })
    await makeBrowser().go(String(json.verification_uri_complete), [kinde.issuer])
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code"
    const tokens = await postToken(kinde, { grant_type, client_id: "tv", device_code: String(json.device_code) })
    expect(Object.keys(tokens.json)).toEqual(expect.arrayContaining(["id_token", "refresh_token"]))
  })

  it("serves the Management API on the custom domain too, and keeps a duplicate URL", async () => {
    await using kinde = await tenant({ customDomain: true, managementOnCustomDomain: true, duplicateUrl: "kept" })
    const { access_token } = (await machineToken(kinde)).json
    expect((await get(`${kinde.issuer}/api/v1/applications`, bearer(access_token))).status).toBe(200)
    const call = await manager(kinde)
    await call("PUT", "/applications/web/auth_logout_urls", { urls: ["https://a.example"] })
    await call("POST", "/applications/web/auth_logout_urls", { urls: ["https://a.example"] })
    expect((await call("GET", "/applications/web/auth_logout_urls")).json.logout_urls).toHaveLength(2)
  })

  it("accepts a later seed, and rejects a seed with an unknown organization", async () => {
    await using kinde = await tenant()
    kinde.seed({ users: [{ id: "kp_late", email: "late@example.org" }] })
    expect(claimsOf((await userTokens(kinde, { login_hint: "kp_late" })).access_token).sub).toBe("kp_late")
    const wrong = { applications: [{ type: "m2m", orgCode: "org_none" } as const] }
    expect(() => kinde.seed(wrong)).toThrow('its orgCode "org_none" is not the code of an organization')
  })
})
