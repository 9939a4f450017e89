import type { Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const transaction: Transaction = {
  provider: "oidc",
  issuer,
  state: "the-state",
  nonce: "the-nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/back",
  scopes: ["openid", "email"],
  createdAtMillis: 0,
}

const reasonWith = (body: Readonly<Record<string, unknown>>) => {
  const { auth } = open([json({ access_token: "a", token_type: "Bearer", ...body })])
  return reasonOf(auth.exchange(`${transaction.redirectUri}?code=c&state=${transaction.state}`, transaction))
}

describe("an exchange that requested openid and got no ID token", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["only another scope was granted", { scope: "email" }],
    ["a scope with a longer name was granted", { scope: "openid2 email" }],
    ["the ID token is null", { scope: "email", id_token: null }],
    ["the ID token is empty", { scope: "email", id_token: "" }],
  ])("says that the scope was not granted: %s", async (_, body) => {
    expect(await reasonWith(body)).toEqual({
      _tag: "UnexpectedResponse",
      status: 200,
      path: "id_token",
      detail: expect.stringMatching(/"openid" was requested and not granted/),
    })
  })

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["the granted scopes contain openid", { scope: "email openid" }],
    ["the response has no scope, so that every requested scope was granted", {}],
  ])("says that the server sent none: %s", async (_, body) => {
    expect(await reasonWith(body)).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "id_token",
      detail: expect.stringMatching(/"openid" was requested, and the server sent no ID token/),
    })
  })

  test("repeats no token of the response", async () => {
    expect(JSON.stringify(await reasonWith({ access_token: "canary", refresh_token: "canary" }))).not.toContain(
      "canary",
    )
  })

  test("is not the cause of a response without an access token", async () => {
    expect(await reasonWith({ access_token: undefined })).not.toHaveProperty("path", "id_token")
  })
})
