import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import type { AuthorizeRequest } from "latchkey"
import { describe, expect, test } from "vitest"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { configuration, issuer, open } from "./standard-server.ts"

const authorize = async (request: AuthorizeRequest = {}, changes: Parameters<typeof open>[1] = {}) => {
  const { url, transaction } = await Effect.runPromise(open([], changes).auth.authorize(request))
  return { url: new URL(url), query: Object.fromEntries(new URL(url).searchParams), transaction }
}

describe("the authorization URL", () => {
  test("requests a code with PKCE, state and nonce", async () => {
    const { url, query, transaction } = await authorize()
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

  test("never contains the PKCE verifier", async () => {
    const { url, transaction } = await authorize()
    expect(transaction.verifier).toMatch(/^[\w.~-]{43,128}$/)
    expect(url.href).not.toContain(transaction.verifier)
  })

  test("uses a new state, nonce and verifier each time", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => authorize()))
    const values = all.flatMap(({ transaction }) => [transaction.state, transaction.nonce, transaction.verifier])
    expect(new Set(values).size).toBe(60)
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(43)
  })

  test("comes with a transaction of plain data", async () => {
    const before = Date.now()
    const { transaction } = await authorize({ scopes: ["openid", "email"] })
    expect(JSON.parse(JSON.stringify(transaction))).toEqual(transaction)
    expect(transaction).toMatchObject({
      provider: "oidc",
      issuer,
      redirectUri: "https://app.example/back",
      scopes: ["openid", "email"],
    })
    expect(transaction.createdAtMillis).toBeGreaterThanOrEqual(before)
    expect(transaction.createdAtMillis).toBeLessThanOrEqual(Date.now())
  })

  test.each<[string, AuthorizeRequest, Parameters<typeof open>[1], string]>([
    ["the scopes of the call", { scopes: ["a", "b"] }, { scopes: ["c"] }, "a b"],
    ["the configured scopes by default", {}, { scopes: ["c", "d"] }, "c d"],
    ["openid without configured scopes", {}, {}, "openid"],
    ["offline_access too with `offline: true`", { offline: true }, {}, "openid offline_access"],
    ["offline_access only once", { offline: true, scopes: ["offline_access", "openid"] }, {}, "offline_access openid"],
    ["no offline_access with `offline: false`", { offline: false }, {}, "openid"],
  ])("requests scopes: %s", async (_, request, changes, scope) => {
    expect((await authorize(request, changes)).query.scope).toBe(scope)
  })

  test("comes with the requested scopes in the transaction, offline_access included", async () => {
    expect((await authorize({ offline: true })).transaction.scopes).toEqual(["openid", "offline_access"])
  })

  test("requests consent with offline_access (OpenID Connect Core 11), unless the call has a prompt", async () => {
    expect((await authorize({ offline: true })).query.prompt).toBe("consent")
    expect((await authorize({ offline: true, prompt: "login" })).query.prompt).toBe("login")
    expect((await authorize({ prompt: "none" })).query.prompt).toBe("none")
    expect((await authorize()).query).not.toHaveProperty("prompt")
  })

  test("requests offline access as the vendor's definition states", async () => {
    const { url } = await Effect.runPromise(
      openOry().auth.authorize({ offline: true, redirectUri: "https://a.example/" }),
    )
    const { searchParams } = new URL(url)
    expect(searchParams.get("scope")).toBe("openid offline_access")
    expect(searchParams.has("prompt")).toBe(false)
  })

  test("encodes every character of a login hint", async () => {
    const hint = "ä+b@example.com&prompt=none#x"
    const { query } = await authorize({ loginHint: hint })
    expect(query.login_hint).toBe(hint)
    expect(query).not.toHaveProperty("prompt")
  })

  test("contains the unchanged redirect URI, its query included", async () => {
    const redirectUri = "https://app.example/back?tenant=a%20b&x=1"
    const { query, transaction } = await authorize({ redirectUri })
    expect(query.redirect_uri).toBe(redirectUri)
    expect(transaction.redirectUri).toBe(redirectUri)
  })

  test("keeps the query of the authorization endpoint", async () => {
    const endpoints = { ...configuration.endpoints, authorizationEndpoint: `${issuer}/auth?tenant=t1` }
    const { query } = await authorize({}, { endpoints })
    expect(query).toMatchObject({ tenant: "t1", response_type: "code" })
  })

  test("contains the vendor's own parameters, single or repeated", async () => {
    const request = { redirectUri: "https://a.example/", extra: { audience: ["a", "b"], max_age: "0" } }
    const { url } = await Effect.runPromise(openOry().auth.authorize(request))
    expect(new URL(url).searchParams.getAll("audience")).toEqual(["a", "b"])
    expect(new URL(url).searchParams.get("max_age")).toBe("0")
  })

  test.each(["client_id", "state", "code_challenge", "scope", "response_type", "tenant"])(
    "rejects the parameter %s, which the vendor does not document",
    async (name) => {
      const call = openOry().auth.authorize({ redirectUri: "https://a.example/", extra: { [name]: "x" } })
      expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: `extra.${name}` })
    },
  )

  test("rejects every extra parameter when the vendor documents no parameters", async () => {
    const call = open().auth.authorize({ extra: { audience: "a" } })
    expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: "extra.audience" })
  })

  test("requires a redirect URI", async () => {
    const { redirectUri: _redirectUri, ...rest } = configuration
    const call = openOry([], { clientId: rest.clientId }).auth.authorize({})
    expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field: "redirectUri" })
  })

  test("is unsupported, with the RFC section, when the server has no authorization endpoint", async () => {
    const metadata = { issuer, token_endpoint: `${issuer}/token` }
    const { auth } = open([json(metadata)], { endpoints: {} })
    expect(await reasonOf(auth.authorize({}))).toMatchObject({
      _tag: "UnsupportedOperation",
      standard: "RFC 6749 section 4.1.1",
    })
  })

  test("needs no request", async () => {
    const { auth, transport } = open()
    await Effect.runPromise(auth.authorize({}))
    expect(transport.requests).toEqual([])
  })
})
