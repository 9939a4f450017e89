import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { Settings } from "../../src/adapters/oidc/configuration/settings.ts"
import { tokenState } from "../../src/adapters/oidc/operations/introspection-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const server: Server = { issuer, metadataUrl: `${issuer}/m`, clientAuth: "none" }
const settings: Settings = { clientId: "app", attemptTimeout: 1000, clockSkew: 30_000, insecureOrigins: [] }
const now = Math.floor(Date.now() / 1000)
const active = { active: true, token_use: "access_token" }
const goZeroTime = -62_135_596_800

const state = (raw: object, changes: Partial<Server> = {}, secrets: ReadonlyArray<string> = []) =>
  tokenState(
    json({ ...active, ...raw }),
    "the presented token",
    "access_token",
    settings,
    { ...server, ...changes },
    () => ["the presented token", ...secrets],
  )

describe("an active token", () => {
  test.each<[string, object]>([
    ["whose exp is its iat, as a server sends that lets tokens never end", { exp: now - 5000, iat: now - 5000 }],
    ["whose exp is its iat, both as digits in strings", { exp: String(now - 5000), iat: String(now - 5000) }],
    ["whose exp is before its iat", { exp: now - 5000, iat: now - 10 }],
    ["whose exp and iat are now", { exp: now, iat: now }],
    ["whose exp is 0", { exp: 0 }],
    ["whose exp is 0 and whose iat is not", { exp: 0, iat: now - 60 }],
    ['whose exp is "0"', { exp: "0", iat: now - 60 }],
    ["whose exp and iat are 0", { exp: 0, iat: 0 }],
    ["whose exp is -1", { exp: -1 }],
    ["whose exp is negative and after iat", { exp: -1, iat: goZeroTime }],
    ["whose exp is Go's zero time", { exp: goZeroTime, iat: now - 60 }],
    ['whose exp is ""', { exp: "", iat: now - 60 }],
    ["whose exp is null", { exp: null, iat: now - 60 }],
  ])("%s has no end", (_, raw) => {
    const result = state(raw)
    expect(result).toMatchObject({ active: true })
    expect(result).not.toHaveProperty("expiresAt")
  })

  test.each<[string, object]>([
    ["after its iat", { exp: now - 100, iat: now - 200 }],
    ["one second after its iat", { exp: now - 100, iat: now - 101 }],
    ["in the past, without an iat", { exp: now - 100 }],
    ["in the past, with an iat of 0", { exp: now - 100, iat: 0 }],
    ["in the past, with an iat of Go's zero time", { exp: now - 100, iat: goZeroTime }],
    ['in the past, with an iat of ""', { exp: now - 100, iat: "" }],
    ["the first second of 1970, without an iat", { exp: 1 }],
  ])("whose exp is %s is expired", (_, raw) => {
    expect(state(raw)).toEqual({ rejected: "expired" })
  })

  test("keeps an exp after iat that has not passed", () => {
    expect(state({ exp: now + 1, iat: now })).toMatchObject({ expiresAt: new Date((now + 1) * 1000) })
  })

  test.each(["iat", "nbf"])("has no time for the zero value of %s", (name) => {
    const member = name === "iat" ? "issuedAt" : "notBefore"
    for (const value of [0, -1, goZeroTime, "", null]) expect(state({ [name]: value })).not.toHaveProperty(member)
  })
})

describe('the value "" of a member is absence', () => {
  test.each([
    ["sub", "subject"],
    ["client_id", "clientId"],
    ["iss", "issuer"],
    ["username", "username"],
    ["jti", "tokenId"],
  ])("%s", (name, member) => {
    const result = state({ [name]: "" })
    expect(result).toMatchObject({ active: true, claims: { [name]: "" } })
    expect(result).not.toHaveProperty(member)
  })

  test.each<[unknown, ReadonlyArray<string>]>([
    ["", []],
    [[""], []],
    [["", "a"], ["a"]],
    [[null, "a", ""], ["a"]],
  ])("aud %j", (aud, audience) => {
    expect(state({ aud })).toMatchObject({ active: true, audience })
  })

  test("an entry of scope", () => {
    expect(state({ scope: ["", "read", null] })).toMatchObject({ scopes: ["read"] })
  })

  test("sub and client_id together are no client", () => {
    expect(state({ sub: "", client_id: "" })).not.toHaveProperty("subjectType")
  })
})

describe("the error for an unknown issuer", () => {
  test.each([
    `${issuer}/`,
    "HTTPS://ID.EXAMPLE",
    "http://id.example",
    "https://auth.custom-domain.example",
    "https://login.example/0f6f1d2c-96b5-4f5e-8a5b-5a0f5a1f7b1e/v2.0",
    "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123",
    "http://[::1]:4444/realms/main",
    "accounts.id.example",
  ])("shows %s as it is", (iss) => {
    expect(state({ iss })).toEqual({
      _tag: "UnexpectedResponse",
      status: 200,
      path: "iss",
      detail: `found issuer "${iss}", expected "${issuer}"`,
    })
  })

  test("shows every accepted issuer", () => {
    const result = state({ iss: `${issuer}/` }, { formerIssuer: "https://old.example" })
    expect(result).toMatchObject({ detail: `found issuer "${issuer}/", expected "${issuer}" or "https://old.example"` })
    expect(state({ iss: "https://old.example" }, { formerIssuer: "https://old.example" })).toMatchObject({
      active: true,
    })
  })

  const secret = "quietmarmalade"
  test.each([
    secret,
    secret.slice(0, 9),
    `https://id.example/${secret}`,
    `https://id.example/${secret.slice(3, 12)}`,
    `https://id.example/path?key=${secret}`,
    `https://user:${secret}@id.example`,
    `https://${secret}.example#part`,
    [...secret].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join(""),
    "the presented token",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl",
    `https://id.example/${"A1b2".repeat(15)}`,
  ])("never shows a secret that the server sends as issuer: %s", (iss) => {
    const result = state({ iss }, {}, [secret])
    expect(result).toMatchObject({ _tag: "UnexpectedResponse", path: "iss" })
    for (const part of [secret.slice(0, 9), secret.slice(3, 12), "presented", "eyJzdWIi", "A1b2A1b2", "\\u0071"])
      expect(JSON.stringify(result)).not.toContain(part)
  })

  test("shows an issuer whose parts are in the configuration, and never its query", () => {
    const { detail = "" } = state({ iss: `${issuer}/?a=b` }, {}, ["example", "id.example"]) as { detail?: string }
    expect(detail).toBe(`found issuer "${issuer}/?[redacted]", expected "${issuer}"`)
  })

  test("is one line of limited length", () => {
    const { detail = "" } = state({ iss: `https://x.example/\n${"a ".repeat(5000)}` }) as { detail?: string }
    expect(detail).not.toContain("\n")
    expect(detail.length).toBeLessThan(500)
  })

  test("comes after the times: an expired token of any issuer is inactive", () => {
    expect(state({ iss: "https://other.example", exp: now - 100, iat: now - 200 })).toEqual({ rejected: "expired" })
  })

  test.each(["client_secret_basic", "client_secret_post"] as const)(
    "shows the issuer when the client id is a part of it, with %s",
    async (clientAuth) => {
      const found = `${issuer}/realms/shop/`
      const { auth } = open([json({ ...active, iss: found })], { clientId: "shop", clientAuth })
      expect(await reasonOf(auth.introspect("token"))).toMatchObject({
        _tag: "UnexpectedResponse",
        detail: expect.stringContaining(found),
      })
    },
  )

  test("never shows the credentials of the request", async () => {
    const clientSecret = "sesameopenwide"
    const { auth } = open([json({ ...active, iss: `${issuer}/${clientSecret}` })], { clientSecret })
    expect(JSON.stringify(await reasonOf(auth.introspect("token")))).not.toContain("sesameopen")
  })
})

describe("an active response without the mark that the configuration needs", () => {
  const unmarked: ReadonlyArray<object> = [
    {},
    { token_use: null },
    { token_use: "" },
    { token_type: "Bearer", typ: "JWT", sub: "user-1", exp: now + 60 },
    { aud: ["another"] },
  ]

  test.each(unmarked)("(%j) is an error that names token.kind and its values", async (raw) => {
    for (const expected of ["access_token", "refresh_token"] as const) {
      const { auth } = open([json({ active: true, ...raw })], { audience: ["api"] })
      const reason = await reasonOf(auth.introspect("token", { expect: expected }))
      expect(reason).toMatchObject({ _tag: "InvalidConfig", issues: [{ path: "token.kind" }] })
      for (const value of ['"access_only"', '"hint"']) expect(JSON.stringify(reason)).toContain(value.slice(1, -1))
    }
  })

  test.each(["refresh_token", "id_token", "id", "refresh"])(
    "is not one that names another kind: %s is inactive",
    (use) => {
      expect(state({ token_use: use })).toEqual({ rejected: "rejected" })
    },
  )

  test.each(["hint", "access_only", [{ name: "token_type", is: "Bearer", use: "access_token" }]] as const)(
    "does not exist with the kind %j",
    async (kind) => {
      const { auth } = open([json({ active: true, token_type: "Bearer" })], { token: { kind } })
      expect(await Effect.runPromise(auth.introspect("token"))).toMatchObject({ active: true })
    },
  )
})
