import * as Effect from "effect/Effect"
import type { Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const transaction: Transaction = {
  provider: "oidc",
  issuer,
  state: "the-state",
  nonce: "the-nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/back",
  scopes: ["openid"],
  createdAtMillis: Date.now(),
}
const callback = `${transaction.redirectUri}?code=the-code&state=the-state`

const now = Math.floor(Date.now() / 1000)
const validClaims = { iss: issuer, sub: "user-1", aud: "app", nonce: "the-nonce", iat: now, exp: now + 60 }

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** A token response whose ID token has these claims. */
const tokenResponse = (claims: object) =>
  json({ access_token: "a", token_type: "bearer", id_token: `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2ln` })

const exchange = (claims: object, changes: Partial<Transaction> = {}) =>
  open([tokenResponse({ ...validClaims, ...claims })]).auth.exchange(callback, { ...transaction, ...changes })

const invalidIdToken = { _tag: "UnexpectedResponse", path: "id_token" }

describe("an ID token", () => {
  test("with valid claims is accepted", async () => {
    const { idClaims } = await Effect.runPromise(exchange({ azp: "app", auth_time: now }))
    expect(idClaims).toMatchObject({ sub: "user-1", azp: "app" })
  })

  test.each([
    ["issued to another client", { azp: "another" }],
    ["issued in the future", { iat: now + 3600 }],
    ["with an empty subject", { sub: "" }],
    ["with another nonce", { nonce: "another" }],
  ])("%s is rejected", async (_, claims) => {
    expect(await reasonOf(exchange(claims))).toMatchObject(invalidIdToken)
  })

  test("must have a recent `auth_time` when the transaction has a `maxAge`", async () => {
    const withMaxAge = { maxAgeSeconds: 60 }
    expect((await Effect.runPromise(exchange({ auth_time: now - 50 }, withMaxAge))).idClaims?.sub).toBe("user-1")
    expect(await reasonOf(exchange({ auth_time: now - 600 }, withMaxAge))).toMatchObject(invalidIdToken)
    expect(await reasonOf(exchange({}, withMaxAge))).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  test("has its `auth_time` compared with the start of the transaction, not with the time of the exchange", async () => {
    const startedEarlier = { maxAgeSeconds: 0, createdAtMillis: Date.now() - 70_000 }
    expect((await Effect.runPromise(exchange({ auth_time: now - 60 }, startedEarlier))).idClaims?.sub).toBe("user-1")
    expect(await reasonOf(exchange({ auth_time: now - 600 }, startedEarlier))).toMatchObject(invalidIdToken)
  })
})

describe("max_age", () => {
  const authorize = (max_age: string | ReadonlyArray<string>) =>
    openOry().auth.authorize({ redirectUri: "https://a.example/", extra: { max_age: max_age as string } })

  test("is stored in the transaction, so that the exchange checks it", async () => {
    expect((await Effect.runPromise(authorize("60"))).transaction.maxAgeSeconds).toBe(60)
  })

  test.each(["soon", "", "-1", "1.5"])("is rejected as %j, because the exchange cannot check it", async (value) => {
    expect(await reasonOf(authorize(value))).toMatchObject({ _tag: "InvalidRequest", field: "extra.max_age" })
  })
})

describe("a token response", () => {
  test.each(["DPoP", "mac"])(
    "of type %s is rejected, because its token would be sent as a bearer token",
    async (token_type) => {
      const { auth } = open([json({ access_token: "a", token_type })])
      expect(await reasonOf(auth.clientCredentials())).toMatchObject({ _tag: "UnexpectedResponse" })
    },
  )
})

describe("a verification URI", () => {
  test.each(["javascript:alert(1)", "http://id.example/device", "data:text/html,x"])(
    "is rejected as %s",
    async (uri) => {
      const device = { device_code: "d", user_code: "u", expires_in: 60 }
      const { auth } = open([
        json({ ...device, verification_uri: uri }),
        json({ ...device, verification_uri: "https://id.example/device", verification_uri_complete: uri }),
      ])
      const unexpected = (path: string) => ({ _tag: "UnexpectedResponse", path })
      expect(await reasonOf(auth.deviceAuthorization())).toMatchObject(unexpected("verification_uri"))
      expect(await reasonOf(auth.deviceAuthorization())).toMatchObject(unexpected("verification_uri_complete"))
    },
  )
})
