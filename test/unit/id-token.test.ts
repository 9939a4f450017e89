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
  created: Date.now(),
}
const callback = `${transaction.redirectUri}?code=the-code&state=the-state`

const now = Math.floor(Date.now() / 1000)
const good = { iss: issuer, sub: "user-1", aud: "app", nonce: "the-nonce", iat: now, exp: now + 60 }

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** The answer of a token endpoint, with an ID token that says so. */
const answer = (claims: object) =>
  json({ access_token: "a", token_type: "bearer", id_token: `${part({ alg: "RS256" })}.${part(claims)}.c2ln` })

const exchange = (claims: object, changes: Partial<Transaction> = {}) =>
  open([answer({ ...good, ...claims })]).auth.exchange(callback, { ...transaction, ...changes })

const foreign = { _tag: "UnexpectedResponse", path: "id_token" }

describe("an ID token", () => {
  test("that says what it should is taken", async () => {
    const { idClaims } = await Effect.runPromise(exchange({ azp: "app", auth_time: now }))
    expect(idClaims).toMatchObject({ sub: "user-1", azp: "app" })
  })

  test.each([
    ["issued to another client", { azp: "another" }],
    ["issued in a time that has not come", { iat: now + 3600 }],
    ["about nobody", { sub: "" }],
    ["with another nonce", { nonce: "another" }],
  ])("%s is refused", async (_, claims) => {
    expect(await reasonOf(exchange(claims))).toMatchObject(foreign)
  })

  test("must say that the user logged in lately, where that was asked for", async () => {
    const lately = { maxAge: 60 }
    expect((await Effect.runPromise(exchange({ auth_time: now - 50 }, lately))).idClaims?.sub).toBe("user-1")
    expect(await reasonOf(exchange({ auth_time: now - 600 }, lately))).toMatchObject(foreign)
    expect(await reasonOf(exchange({}, lately))).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  test("says so of the time when the browser was sent there: what took long since is no matter", async () => {
    const earlier = { maxAge: 0, created: Date.now() - 70_000 }
    expect((await Effect.runPromise(exchange({ auth_time: now - 60 }, earlier))).idClaims?.sub).toBe("user-1")
    expect(await reasonOf(exchange({ auth_time: now - 600 }, earlier))).toMatchObject(foreign)
  })
})

describe("max_age", () => {
  const authorize = (max_age: string | ReadonlyArray<string>) =>
    openOry().auth.authorize({ redirectUri: "https://a.example/", extra: { max_age: max_age as string } })

  test("is kept in the transaction, so that the exchange checks it", async () => {
    expect((await Effect.runPromise(authorize("60"))).transaction.maxAge).toBe(60)
  })

  test.each(["soon", "", "-1", "1.5"])("%j is refused: the exchange could not check it", async (value) => {
    expect(await reasonOf(authorize(value))).toMatchObject({ _tag: "InvalidRequest", field: "extra.max_age" })
  })
})

describe("a token answer", () => {
  test.each(["DPoP", "mac"])("of type %s is refused: it would be sent as a bearer token", async (token_type) => {
    const { auth } = open([json({ access_token: "a", token_type })])
    expect(await reasonOf(auth.clientCredentials())).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("an address for a browser", () => {
  test.each(["javascript:alert(1)", "http://id.example/device", "data:text/html,x"])("is not %s", async (uri) => {
    const device = { device_code: "d", user_code: "u", expires_in: 60 }
    const { auth } = open([
      json({ ...device, verification_uri: uri }),
      json({ ...device, verification_uri: "https://id.example/device", verification_uri_complete: uri }),
    ])
    const unexpected = (path: string) => ({ _tag: "UnexpectedResponse", path })
    expect(await reasonOf(auth.deviceAuthorization())).toMatchObject(unexpected("verification_uri"))
    expect(await reasonOf(auth.deviceAuthorization())).toMatchObject(unexpected("verification_uri_complete"))
  })
})
