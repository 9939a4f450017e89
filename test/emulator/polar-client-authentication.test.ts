import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { basic, codeFor, introspect, post, redeem, refresh, revoke, seed, userTokens } from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed })
})
afterAll(() => polar.close())

const tokenPath = "/v1/oauth2/token"

describe("client authentication", () => {
  it("accepts only the registered method at the token endpoint", async () => {
    const credentials = basic("header", "header secret")
    const noForm = { client_id: "", client_secret: "" }
    const header = await redeem(polar, await codeFor(polar, { client_id: "header" }), noForm, credentials)
    expect(header.status).toBe(200)
    const wrongMethod = await redeem(polar, await codeFor(polar), noForm, basic("shop", "shop-secret"))
    expect([wrongMethod.status, wrongMethod.json.error_description]).toEqual([
      401,
      "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post', 'none']",
    ])
    expect(wrongMethod.headers.get("www-authenticate")).toMatch(
      /^Basic error="invalid_client", error_description="The client c/,
    )
    expect((await redeem(polar, "x", { client_id: "app", client_secret: "any" })).status).toBe(401)
    expect((await redeem(polar, "x", { client_secret: "wrong" })).status).toBe(401)
  })

  it("rejects an unknown client with 400 in the form and with 401 in the header", async () => {
    const inForm = await refresh(polar, "x", { client_id: "unknown" })
    expect([inForm.status, inForm.json]).toEqual([
      400,
      { error: "invalid_client", error_description: "The client does not exist on this server." },
    ])
    expect((await post(polar, tokenPath, { grant_type: "refresh_token" }, basic("unknown", "x"))).status).toBe(401)
  })

  it("accepts either method for introspection and revocation, and rejects public clients", async () => {
    const { access_token } = await userTokens(polar)
    const inHeader = await post(
      polar,
      "/v1/oauth2/introspect",
      { token: String(access_token) },
      basic("shop", "shop-secret"),
    )
    expect(inHeader.json.active).toBe(true)
    const app = { client_id: "app", client_secret: "" }
    expect((await introspect(polar, access_token, app)).status).toBe(401)
    expect((await revoke(polar, access_token, app)).json.error_description).toBe(
      "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post']",
    )
  })
})
