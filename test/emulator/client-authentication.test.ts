import { generateKeyPairSync, randomUUID, sign } from "node:crypto"
import { type OryEmulator, startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { basic, post } from "./headless.ts"

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 })
const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
const seconds = () => Math.floor(Date.now() / 1000)

const jwt = (claims: Record<string, unknown>) => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ alg: "RS256", kid: "k1" })}.${part(claims)}`
  return `${signed}.${sign("sha256", Buffer.from(signed), keys.privateKey).toString("base64url")}`
}

let ory: OryEmulator
beforeAll(async () => {
  const grant_types = ["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"]
  ory = await startOry({
    seed: {
      clients: [
        { client_id: "by:header", client_secret: "se cret+%", grant_types, scope: "a" },
        { client_id: "body", client_secret: "secret", token_endpoint_auth_method: "client_secret_post", grant_types },
        { client_id: "public", token_endpoint_auth_method: "none", grant_types },
        { client_id: "key", token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [jwk] }, grant_types },
      ],
      trustedIssuers: [
        { issuer: "https://idp", subject: "svc", scope: ["a"], jwk, expires_at: "2099-01-01T00:00:00Z" },
      ],
    },
  })
})
afterAll(() => ory.close())

const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  post(`${ory.publicUrl}/oauth2/token`, { grant_type: "client_credentials", ...form }, headers)

const claims = (more: Record<string, unknown> = {}) => ({
  iss: "key",
  sub: "key",
  aud: `${ory.issuer}/oauth2/token`,
  jti: randomUUID(),
  exp: seconds() + 60,
  ...more,
})

const assert = (more: Record<string, unknown>) =>
  token({ client_assertion_type: assertionType, client_assertion: jwt(claims(more)) })

describe("client authentication", () => {
  it("form-decodes both halves of a Basic header", async () => {
    expect((await token({}, basic("by:header", "se cret+%"))).status).toBe(200)
    const raw = { authorization: `Basic ${Buffer.from("body:100%").toString("base64")}` }
    expect(await token({}, raw)).toMatchObject({ status: 400, json: { error: "invalid_request" } })
  })

  it("goes strictly by the registered method", async () => {
    const refused = await token({}, basic("body", "secret"))
    expect(refused).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    expect(refused.headers.get("www-authenticate")).toBeNull()
    expect(refused.json.error_description).toContain("'client_secret_post', but method 'client_secret_basic'")
    expect((await token({ client_id: "body", client_secret: "secret" })).status).toBe(200)
    expect((await token({ client_id: "public" })).json.error).toBe("invalid_grant")
    expect((await token({})).json.error).toBe("invalid_request")
  })

  it("comes after the question whether anybody handles the grant", async () => {
    const refused = await token({ grant_type: "password" }, basic("body", "wrong"))
    expect(refused).toMatchObject({ status: 400, json: { error: "invalid_request" } })
  })

  it("accepts an assertion once, for the token URL only", async () => {
    expect((await assert({})).status).toBe(200)
    const jti = randomUUID()
    expect((await assert({ jti })).status).toBe(200)
    expect(await assert({ jti })).toMatchObject({ status: 400, json: { error: "jti_known" } })
    expect(await assert({ aud: ory.issuer })).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    expect(await assert({ exp: seconds() - 1 })).toMatchObject({ status: 500, json: { error: "error" } })
  })
})

describe("the JWT bearer grant", () => {
  const bearer = (more: Record<string, unknown>, scope = "a") =>
    token(
      {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: jwt(claims({ iss: "https://idp", sub: "svc", iat: seconds(), ...more })),
        scope,
      },
      basic("by:header", "se cret+%"),
    )

  it("takes an assertion of a trusted issuer, once", async () => {
    const jti = randomUUID()
    expect(await bearer({ jti })).toMatchObject({ status: 200, json: { scope: "a" } })
    expect(await bearer({ jti })).toMatchObject({ status: 400, json: { error: "jti_known" } })
  })

  it("refuses strangers, other subjects, other audiences and other scopes", async () => {
    for (const wrong of [{ iss: "https://other" }, { sub: "other" }, { aud: ory.issuer }, { exp: seconds() - 1 }]) {
      expect(await bearer(wrong)).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    }
    expect((await bearer({}, "b")).json.error).toBe("invalid_scope")
  })
})
