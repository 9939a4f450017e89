import { generateKeyPairSync, randomUUID, sign } from "node:crypto"
import { type OryEmulator, startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { basic, post } from "./ory-steps.ts"

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 })
const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
const seconds = () => Math.floor(Date.now() / 1000)

const jwt = (claims: Record<string, unknown>) => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signingInput = `${encode({ alg: "RS256", kid: "k1" })}.${encode(claims)}`
  return `${signingInput}.${sign("sha256", Buffer.from(signingInput), keys.privateKey).toString("base64url")}`
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

const requestToken = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  post(`${ory.publicUrl}/oauth2/token`, { grant_type: "client_credentials", ...form }, headers)

const claims = (more: Record<string, unknown> = {}) => ({
  iss: "key",
  sub: "key",
  aud: `${ory.issuer}/oauth2/token`,
  jti: randomUUID(),
  exp: seconds() + 60,
  ...more,
})

const tokenByAssertion = (more: Record<string, unknown>) =>
  requestToken({ client_assertion_type: assertionType, client_assertion: jwt(claims(more)) })

describe("client authentication", () => {
  it("form-decodes the client id and the secret of a Basic header", async () => {
    expect((await requestToken({}, basic("by:header", "se cret+%"))).status).toBe(200)
    const raw = { authorization: `Basic ${Buffer.from("body:100%").toString("base64")}` }
    expect(await requestToken({}, raw)).toMatchObject({ status: 400, json: { error: "invalid_request" } })
  })

  it("accepts only the registered method", async () => {
    const response = await requestToken({}, basic("body", "secret"))
    expect(response).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    expect(response.headers.get("www-authenticate")).toBeNull()
    expect(response.json.error_description).toContain("'client_secret_post', but method 'client_secret_basic'")
    expect((await requestToken({ client_id: "body", client_secret: "secret" })).status).toBe(200)
    expect((await requestToken({ client_id: "public" })).json.error).toBe("invalid_grant")
    expect((await requestToken({})).json.error).toBe("invalid_request")
  })

  it("is checked after the grant type", async () => {
    const response = await requestToken({ grant_type: "password" }, basic("body", "wrong"))
    expect(response).toMatchObject({ status: 400, json: { error: "invalid_request" } })
  })

  it("accepts an assertion once, and only with the token URL as audience", async () => {
    expect((await tokenByAssertion({})).status).toBe(200)
    const jti = randomUUID()
    expect((await tokenByAssertion({ jti })).status).toBe(200)
    expect(await tokenByAssertion({ jti })).toMatchObject({ status: 400, json: { error: "jti_known" } })
    expect(await tokenByAssertion({ aud: ory.issuer })).toMatchObject({
      status: 401,
      json: { error: "invalid_client" },
    })
    expect(await tokenByAssertion({ exp: seconds() - 1 })).toMatchObject({ status: 500, json: { error: "error" } })
  })
})

describe("the JWT bearer grant", () => {
  const bearer = (more: Record<string, unknown>, scope = "a") =>
    requestToken(
      {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: jwt(claims({ iss: "https://idp", sub: "svc", iat: seconds(), ...more })),
        scope,
      },
      basic("by:header", "se cret+%"),
    )

  it("accepts an assertion of a trusted issuer once", async () => {
    const jti = randomUUID()
    expect(await bearer({ jti })).toMatchObject({ status: 200, json: { scope: "a" } })
    expect(await bearer({ jti })).toMatchObject({ status: 400, json: { error: "jti_known" } })
  })

  it("rejects another issuer, subject, audience or scope, and an expired assertion", async () => {
    for (const wrong of [{ iss: "https://other" }, { sub: "other" }, { aud: ory.issuer }, { exp: seconds() - 1 }]) {
      expect(await bearer(wrong)).toMatchObject({ status: 400, json: { error: "invalid_grant" } })
    }
    expect((await bearer({}, "b")).json.error).toBe("invalid_scope")
  })
})
