import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import type { AuthorizeRequest } from "latchkey"
import { describe, expect, test } from "vitest"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { configuration, issuer, open } from "./standard-server.ts"

const ask = async (request: AuthorizeRequest = {}, changes: Parameters<typeof open>[1] = {}) => {
  const { url, transaction } = await Effect.runPromise(open([], changes).auth.authorize(request))
  return { url: new URL(url), query: Object.fromEntries(new URL(url).searchParams), transaction }
}

describe("the URL that sends a browser to log in", () => {
  test("asks for a code, with PKCE, state and nonce", async () => {
    const { url, query, transaction } = await ask()
    expect(url.origin + url.pathname).toBe(`${issuer}/auth`)
    expect(query).toEqual({
      response_type: "code",
      client_id: "app",
      redirect_uri: "https://app.example/back",
      scope: "openid",
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: createHash("sha256").update(transaction.verifier).digest("base64url"),
      code_challenge_method: "S256",
    })
  })

  test("never holds the verifier", async () => {
    const { url, transaction } = await ask()
    expect(transaction.verifier).toMatch(/^[\w.~-]{43,128}$/)
    expect(url.href).not.toContain(transaction.verifier)
  })

  test("is fresh each time: state, nonce and verifier", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => ask()))
    const values = all.flatMap(({ transaction }) => [transaction.state, transaction.nonce, transaction.verifier])
    expect(new Set(values).size).toBe(60)
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(43)
  })

  test("comes with what must be remembered, as plain data", async () => {
    const before = Date.now()
    const { transaction } = await ask({ scopes: ["openid", "email"] })
    expect(JSON.parse(JSON.stringify(transaction))).toEqual(transaction)
    expect(transaction).toMatchObject({
      provider: "oidc",
      issuer,
      redirectUri: "https://app.example/back",
      scopes: ["openid", "email"],
    })
    expect(transaction.created).toBeGreaterThanOrEqual(before)
    expect(transaction.created).toBeLessThanOrEqual(Date.now())
  })

  test.each<[string, AuthorizeRequest, Parameters<typeof open>[1], string]>([
    ["what the call says", { scopes: ["a", "b"] }, { scopes: ["c"] }, "a b"],
    ["else what is configured", {}, { scopes: ["c", "d"] }, "c d"],
    ["else openid", {}, {}, "openid"],
    ["and offline access when that is asked", { offline: true }, {}, "openid offline_access"],
    ["once", { offline: true, scopes: ["offline_access", "openid"] }, {}, "offline_access openid"],
    ["not when it is not", { offline: false }, {}, "openid"],
  ])("asks for scopes: %s", async (_, request, changes, scope) => {
    expect((await ask(request, changes)).query.scope).toBe(scope)
  })

  test("remembers the scopes that it asked for, offline access too", async () => {
    expect((await ask({ offline: true })).transaction.scopes).toEqual(["openid", "offline_access"])
  })

  test("asks for consent with offline access (OpenID Connect Core 11), unless the caller says otherwise", async () => {
    expect((await ask({ offline: true })).query.prompt).toBe("consent")
    expect((await ask({ offline: true, prompt: "login" })).query.prompt).toBe("login")
    expect((await ask({ prompt: "none" })).query.prompt).toBe("none")
    expect((await ask()).query).not.toHaveProperty("prompt")
  })

  test("asks for offline access in the vendor's way", async () => {
    const { url } = await Effect.runPromise(
      openOry().auth.authorize({ offline: true, redirectUri: "https://a.example/" }),
    )
    const { searchParams } = new URL(url)
    expect(searchParams.get("scope")).toBe("openid offline_access")
    expect(searchParams.has("prompt")).toBe(false)
  })

  test("carries a login hint, whatever is in it", async () => {
    const hint = "ä+b@example.com&prompt=none#x"
    const { query } = await ask({ loginHint: hint })
    expect(query.login_hint).toBe(hint)
    expect(query).not.toHaveProperty("prompt")
  })

  test("carries the redirect URI byte for byte, its query included", async () => {
    const redirectUri = "https://app.example/back?tenant=a%20b&x=1"
    const { query, transaction } = await ask({ redirectUri })
    expect(query.redirect_uri).toBe(redirectUri)
    expect(transaction.redirectUri).toBe(redirectUri)
  })

  test("keeps the query of the endpoint", async () => {
    const endpoints = { ...configuration.endpoints, authorizationEndpoint: `${issuer}/auth?tenant=t1` }
    const { query } = await ask({}, { endpoints })
    expect(query).toMatchObject({ tenant: "t1", response_type: "code" })
  })

  test("carries the vendor's own parameters, one or several", async () => {
    const request = { redirectUri: "https://a.example/", extra: { audience: ["a", "b"], max_age: "0" } }
    const { url } = await Effect.runPromise(openOry().auth.authorize(request))
    expect(new URL(url).searchParams.getAll("audience")).toEqual(["a", "b"])
    expect(new URL(url).searchParams.get("max_age")).toBe("0")
  })

  test.each(["client_id", "state", "code_challenge", "scope", "response_type", "tenant"])(
    "refuses the parameter %s, which the vendor does not document",
    async (name) => {
      const call = openOry().auth.authorize({ redirectUri: "https://a.example/", extra: { [name]: "x" } })
      expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: `extra.${name}` })
    },
  )

  test("refuses every parameter of a vendor that documents none", async () => {
    const call = open().auth.authorize({ extra: { audience: "a" } })
    expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: "extra.audience" })
  })

  test("needs a redirect URI", async () => {
    const { redirectUri: _none, ...rest } = configuration
    const call = openOry([], { clientId: rest.clientId }).auth.authorize({})
    expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: "redirectUri" })
  })

  test("is refused with the standard's name where the server has no such endpoint", async () => {
    const metadata = { issuer, token_endpoint: `${issuer}/token` }
    const { auth } = open([json(metadata)], { endpoints: {} })
    expect(await reasonOf(auth.authorize({}))).toMatchObject({
      _tag: "UnsupportedOperation",
      standard: "RFC 6749 section 4.1.1",
    })
  })

  test("sends nothing", async () => {
    const { auth, door } = open()
    await Effect.runPromise(auth.authorize({}))
    expect(door.requests).toEqual([])
  })
})
