import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import type { AuthError, Reason, Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { comparison } from "../../src/adapters/oidc/http/compared-values.ts"
import { json, rawResponse } from "./scripted-transport.ts"
import { configuration, issuer, open } from "./standard-server.ts"

const transaction: Transaction = {
  provider: "oidc",
  issuer,
  state: "quietmarmalade-state",
  nonce: "bramblethicket-nonce",
  verifier: "lanternharbour".repeat(4),
  redirectUri: "https://app.example/back?tenant=hushhush",
  scopes: ["openid"],
  createdAtMillis: Date.now(),
}
const code = "copperwindmill-code"
const secrets = [transaction.state, transaction.nonce, transaction.verifier, code, "hushhush"]

const errorOf = (call: Effect.Effect<unknown, AuthError>) => Effect.runPromise(Effect.flip(call))

const callback = (change: (url: URL) => void = () => {}) => {
  const url = new URL(transaction.redirectUri)
  url.searchParams.set("code", code)
  url.searchParams.set("state", transaction.state)
  change(url)
  return url
}

const exchange = (url: URL, changes: Partial<Transaction> = {}) =>
  errorOf(open().auth.exchange(url, { ...transaction, ...changes }))

describe("the error of a callback", () => {
  test.each<[string, Promise<AuthError>, string]>([
    [
      "another issuer",
      exchange(callback((url) => url.searchParams.set("iss", "https://other.example"))),
      `issuer check failed: found iss "https://other.example", expected "${issuer}"`,
    ],
    [
      "two issuers",
      exchange(
        callback((url) => {
          url.searchParams.append("iss", issuer)
          url.searchParams.append("iss", "https://other.example")
        }),
      ),
      `found iss "${issuer}", "https://other.example", expected "${issuer}"`,
    ],
    [
      "the transaction of another issuer",
      exchange(callback(), { issuer: `${issuer}/` }),
      `found issuer of the transaction "${issuer}/", expected "${issuer}"`,
    ],
    [
      "the transaction of another provider",
      exchange(callback(), { provider: "ory" }),
      'found provider of the transaction "ory", expected "oidc"',
    ],
    [
      "another redirect URI",
      exchange(
        callback((url) => {
          url.pathname = "/elsewhere"
        }),
      ),
      'redirect_uri check failed: found redirect URI "https://app.example/elsewhere", expected "https://app.example/back"',
    ],
    [
      "another query of the redirect URI",
      exchange(callback((url) => url.searchParams.delete("tenant"))),
      "a query parameter of the redirect URI is missing or has another value",
    ],
  ])("with %s shows both values and no secret", async (_, failed, text) => {
    const error = await failed
    expect(error.message).toContain(text)
    expect(secrets.filter((secret) => JSON.stringify(error).includes(secret))).toEqual([])
    expect(error.url).toBeUndefined()
  })

  test("with another state shows no value", async () => {
    const error = await exchange(callback((url) => url.searchParams.set("state", "stolen-state")))
    expect(error.reason).toEqual({ _tag: "InvalidCallback", check: "state" })
  })

  test.each<[string, Partial<Reason>]>([
    ["access_denied", { _tag: "AccessDenied", code: "access_denied" }],
    ["login_required", { _tag: "InteractionRequired", code: "login_required" }],
    ["temporarily_unavailable", { _tag: "Unavailable" }],
    ["invalid_scope", { _tag: "InvalidCallback", check: "error", code: "invalid_scope" }],
  ])(
    "%s repeats the words of `error_description` on one line, without the values of the transaction",
    async (name, reason) => {
      const description = `the user\n said no ${transaction.nonce} ${transaction.state} ${transaction.verifier} ${"far too long ".repeat(60)}`
      const error = await exchange(
        callback((url) => {
          url.searchParams.delete("code")
          url.searchParams.set("error", name)
          url.searchParams.set("error_description", description)
        }),
      )
      expect(error.reason).toMatchObject(reason)
      expect(error.message).toContain(name)
      expect(error.message).toMatch(/: the user said no \[redacted\]/)
      expect(error.message.length).toBeLessThan(450)
      expect(secrets.filter((secret) => JSON.stringify(error).includes(secret))).toEqual([])
    },
  )
})

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const jwt = (claims: object) => `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2ln`

describe("the error of an ID token", () => {
  const now = Math.floor(Date.now() / 1000)
  const valid = { iss: issuer, sub: "user-1", aud: "app", nonce: transaction.nonce, iat: now, exp: now + 60 }
  const accessToken = "velvetorchestra-token"
  const rejected = (claims: object) => {
    const response = json({ access_token: accessToken, token_type: "bearer", id_token: jwt({ ...valid, ...claims }) })
    return errorOf(open([response]).auth.exchange(callback(), transaction))
  }

  test.each<[string, object, string]>([
    ["issuer", { iss: `${issuer}/` }, `found issuer "${issuer}/", expected "${issuer}"`],
    ["audience", { aud: ["other-app", "third"] }, 'found audience "other-app", "third", expected "app"'],
    ["authorized party", { azp: "other-app" }, 'found azp "other-app", expected "app"'],
  ])("with another %s shows both values", async (_, claims, detail) => {
    const error = await rejected(claims)
    expect(error).toMatchObject({
      reason: { _tag: "UnexpectedResponse", path: "id_token", detail },
      url: `${issuer}/token`,
    })
  })

  test.each<[string, object]>([
    ["another nonce", { nonce: "another-nonce" }],
    ["a token as audience", { aud: accessToken }],
  ])("with %s shows no secret", async (_, claims) => {
    const text = JSON.stringify(await rejected(claims))
    for (const secret of [transaction.nonce, "another-nonce", accessToken]) expect(text).not.toContain(secret)
  })
})

test("the error of a signed UserInfo response shows both audiences and the address", async () => {
  const response = { ...rawResponse(200, "application/jwt", jwt({ iss: issuer, sub: "user-1", aud: "other-app" })) }
  const error = await errorOf(open([response]).auth.userInfo("token"))
  expect(error.message).toContain('found audience "other-app", expected "app"')
  expect(error.url).toBe(configuration.endpoints.userinfoEndpoint)
})

test("a compared value has no query, whatever stands before it", () => {
  expect(comparison("issuer", "other-issuer?marmalade", [issuer], [])).toContain(
    'found issuer "other-issuer?[redacted]"',
  )
})

test.each(["quietmarmalade", "QUIETMARMALADE"])("a compared value has no part of a secret: %s", (part) => {
  const found = `https://other.example/${part}`
  expect(comparison("issuer", found, [issuer], [transaction.state])).toContain('found issuer "[redacted]"')
  expect(comparison("issuer", found, [issuer], [transaction.state.toUpperCase()])).toContain('issuer "[redacted]"')
})

test("a compared value is bounded, on one line, and never repeats a secret", () => {
  const secret = "s3cr3t-of-the-client"
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withQueryParameters: true }), fc.jsonValue())
  const around = fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${secret}${after}`)
  return fc.assert(
    fc.property(fc.oneof(value, around, fc.array(fc.oneof(value, around))), (found) => {
      const text = comparison("issuer", found, [issuer], [secret])
      expect(text).not.toContain(secret)
      expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(text.length).toBeLessThan(2000)
      expect(text).toContain(`expected "${issuer}"`)
    }),
  )
})
