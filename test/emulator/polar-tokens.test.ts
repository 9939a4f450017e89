import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  callback,
  codeFor,
  introspect,
  parse,
  post,
  redeem,
  refresh,
  rival,
  seed,
  shop,
  userInfo,
  userTokens,
  verifier,
  zeta,
} from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed })
})
afterAll(() => polar.close())

const tokenPath = "/v1/oauth2/token"

describe("an authorization code", () => {
  it("can be exchanged once, for tokens valid ten days", async () => {
    const code = await codeFor(polar)
    const { status, headers, json } = await redeem(polar, code)
    expect(status).toBe(200)
    expect([headers.get("cache-control"), headers.get("pragma")]).toEqual(["no-store", "no-cache"])
    expect(json).toMatchObject({ token_type: "Bearer", expires_in: 864_000, scope: "openid email" })
    expect(json.access_token).toMatch(/^polar_at_u_[A-Za-z0-9]{43}$/)
    expect(json.refresh_token).toMatch(/^polar_rt_u_[A-Za-z0-9]{43}$/)
    expect(json.id_token).toBeTypeOf("string")
    const reuse = await redeem(polar, code)
    expect([reuse.status, reuse.json]).toEqual([
      400,
      { error: "invalid_grant", error_description: "Invalid 'code' in request." },
    ])
    expect((await userInfo(polar, json.access_token)).status).toBe(200)
  })

  it("grants only scopes of the client, and omits an empty scope", async () => {
    expect((await userTokens(polar, { scope: "email webhooks:read" })).scope).toBe("email")
    const unscoped = await userTokens(polar, { scope: "webhooks:read" })
    expect(unscoped).not.toHaveProperty("scope")
    expect(unscoped).not.toHaveProperty("id_token")
  })

  it.each([
    [{ code: "polar_ac_x" }, "invalid_grant", "Invalid 'code' in request."],
    [{ redirect_uri: "http://127.0.0.1:9/" }, "invalid_grant", "Invalid 'redirect_uri' in request."],
    [{ code_verifier: "" }, "invalid_request", "Missing 'code_verifier'"],
    [{ code_verifier: "short" }, "invalid_request", "Invalid 'code_verifier'"],
    [{ code_verifier: "w".repeat(64) }, "invalid_grant", "Code challenge failed."],
    [{ grant_type: "password" }, "unsupported_grant_type", undefined],
    [{ grant_type: "web" }, "unauthorized_client", "The client is not authorized to use 'grant_type=web'"],
  ])("with %j is rejected", async (wrong, error, description) => {
    const { status, json } = await redeem(polar, await codeFor(polar), wrong)
    expect([status, json]).toEqual([400, { error, ...(description && { error_description: description }) }])
  })

  it("that is missing gives another error than a JSON body", async () => {
    const missing = await post(polar, tokenPath, { grant_type: "authorization_code", ...shop })
    expect(missing.json).toEqual({ error: "invalid_request", error_description: "Missing 'code' in request." })
    const body = JSON.stringify({ grant_type: "authorization_code", ...shop })
    const asJson = await parse(
      fetch(`${polar.apiUrl}${tokenPath}`, { method: "POST", body, headers: { "content-type": "application/json" } }),
    )
    expect(asJson.json).toEqual({ error: "unsupported_grant_type" })
  })

  it("without a challenge requires no verifier, and a public client cannot redeem it", async () => {
    const bare = { code_challenge: "", code_challenge_method: "" }
    expect((await redeem(polar, await codeFor(polar, bare))).json.error_description).toMatch(/had no 'code_challenge'/)
    expect((await redeem(polar, await codeFor(polar, bare), { code_verifier: "" })).status).toBe(200)
    const app = { client_id: "app", client_secret: "" }
    const code = await codeFor(polar, { ...bare, client_id: "app" })
    expect((await redeem(polar, code, { ...app, code_verifier: "" })).json.error_description).toMatch(/Missing/)
    expect((await redeem(polar, await codeFor(polar, { client_id: "app" }), app)).status).toBe(200)
  })

  it("has the challenge method plain by default", async () => {
    const code = await codeFor(polar, { code_challenge: verifier, code_challenge_method: "" })
    expect((await redeem(polar, code)).status).toBe(200)
  })

  it("can be sent in a multipart form", async () => {
    const fields = { grant_type: "authorization_code", code: await codeFor(polar), redirect_uri: callback, ...shop }
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...fields, code_verifier: verifier })) form.set(name, value)
    const encoded = new Response(form)
    const headers = { "content-type": encoded.headers.get("content-type") ?? "" }
    // Sent as bytes, because a streamed form has no Content-Length and the server rejects it.
    const body = await encoded.arrayBuffer()
    expect((await parse(fetch(`${polar.apiUrl}${tokenPath}`, { method: "POST", body, headers }))).status).toBe(200)
  })
})

describe("a refresh", () => {
  it("returns a new pair valid one hour without an ID token, and revokes both old tokens", async () => {
    const old = await userTokens(polar)
    const { json } = await refresh(polar, old.refresh_token)
    expect(json).toMatchObject({ expires_in: 3600, scope: "openid email" })
    expect(json).not.toHaveProperty("id_token")
    expect((await userInfo(polar, old.access_token)).status).toBe(401)
    const reuse = await refresh(polar, old.refresh_token)
    expect([reuse.status, reuse.json]).toEqual([400, { error: "invalid_grant" }])
    expect((await refresh(polar, json.refresh_token)).status).toBe(200)
  })

  it("narrows the scope permanently and never widens it", async () => {
    const { json } = await refresh(polar, (await userTokens(polar)).refresh_token, { scope: "email" })
    expect(json.scope).toBe("email")
    const wider = await refresh(polar, json.refresh_token, { scope: "openid email" })
    expect([wider.status, wider.json.error]).toEqual([400, "invalid_scope"])
    expect((await refresh(polar, json.refresh_token)).json.scope).toBe("email")
  })

  it("with another client's token is rejected, and the token stays valid", async () => {
    const { refresh_token } = await userTokens(polar)
    const stolen = await refresh(polar, refresh_token, { client_id: "other", client_secret: "other-secret" })
    expect(stolen.json).toEqual({ error: "invalid_grant" })
    expect((await refresh(polar, refresh_token)).status).toBe(200)
  })

  it("replaces an organization's token with a token of its only member", async () => {
    const legacy = { client_id: "shop", sub_type: "organization", scope: "openid" } as const
    polar.seed({
      tokens: [
        { ...legacy, sub: acme, access_token: "polar_at_o_acme", refresh_token: "polar_rt_o_acme" },
        { ...legacy, sub: zeta, refresh_token: "polar_rt_o_zeta" },
      ],
    })
    expect((await userInfo(polar, "polar_at_o_acme")).json).toEqual({ sub: acme, name: "acme" })
    expect((await introspect(polar, "polar_at_o_acme")).json).toMatchObject({ sub_type: "organization", sub: acme })
    const refreshed = (await refresh(polar, "polar_rt_o_acme")).json
    expect(refreshed.access_token).toMatch(/^polar_at_u_/)
    expect((await userInfo(polar, refreshed.access_token)).json).toEqual({ sub: ada })
    expect((await refresh(polar, "polar_rt_o_zeta")).json.access_token).toMatch(/^polar_at_o_/)
  })
})

describe("the grant for web sessions", () => {
  const webGrant = { grant_type: "web", client_id: "own", client_secret: "own-secret", session_token: "polar_us_ada" }

  it("returns an access token only", async () => {
    const { json } = await post(polar, tokenPath, webGrant)
    expect(json).toMatchObject({ expires_in: 3600, scope: "openid email products:read" })
    expect(Object.keys(json).sort()).toEqual(["access_token", "expires_in", "scope", "token_type"])
    const narrowed = await post(polar, tokenPath, { ...webGrant, sub_type: "organization", sub: acme, scope: "email" })
    expect(narrowed.json.scope).toBe("email")
  })

  it.each([
    [{ session_token: "polar_us_none" }, "invalid_grant"],
    [{ sub: acme }, "invalid_request"],
    [{ sub_type: "organization" }, "invalid_request"],
    [{ sub_type: "organization", sub: "acme" }, "invalid_request"],
    [{ sub_type: "organization", sub: rival }, "invalid_grant"],
    [{ scope: "nonsense" }, "invalid_scope"],
  ])("with %j is rejected", async (wrong, error) => {
    const { status, json } = await post(polar, tokenPath, { ...webGrant, ...wrong })
    expect([status, json.error]).toEqual([400, error])
  })
})
