import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { basic, codeFor, introspect, post, redeem, refresh, revoke, userTokens, world } from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed: world })
})
afterAll(() => polar.close())

const token = "/v1/oauth2/token"

describe("a client", () => {
  it("is known at the token endpoint by its registered method alone", async () => {
    const byHeader = basic("header", "header secret")
    const without = { client_id: "", client_secret: "" }
    const header = await redeem(polar, await codeFor(polar, { client_id: "header" }), without, byHeader)
    expect(header.status).toBe(200)
    const wrongWay = await redeem(polar, await codeFor(polar), without, basic("shop", "shop-secret"))
    expect([wrongWay.status, wrongWay.json.error_description]).toEqual([
      401,
      "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post', 'none']",
    ])
    expect(wrongWay.headers.get("www-authenticate")).toMatch(
      /^Basic error="invalid_client", error_description="The client c/,
    )
    expect((await redeem(polar, "x", { client_id: "app", client_secret: "any" })).status).toBe(401)
    expect((await redeem(polar, "x", { client_secret: "wrong" })).status).toBe(401)
  })

  it("that is unknown is a 400 in the form and a 401 in the header", async () => {
    const inForm = await refresh(polar, "x", { client_id: "nobody" })
    expect([inForm.status, inForm.json]).toEqual([
      400,
      { error: "invalid_client", error_description: "The client does not exist on this server." },
    ])
    expect((await post(polar, token, { grant_type: "refresh_token" }, basic("nobody", "x"))).status).toBe(401)
  })

  it("may use either method to introspect and revoke, unless it is public", async () => {
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
