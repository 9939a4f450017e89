import * as Effect from "effect/Effect"
import type { Reason, Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { formOf, json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const transaction: Transaction = {
  provider: "oidc",
  issuer,
  state: "the-state",
  nonce: "the-nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/back",
  scopes: ["email"],
  createdAtMillis: 0,
}

const callbackUrl = (query: Readonly<Record<string, string>>, at = transaction.redirectUri): string => {
  const url = new URL(at)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

const validQuery = { code: "the-code", state: "the-state" }
const tokens = json({ access_token: "a", token_type: "Bearer" })

const rejectionOf = async (callback: string, changes: Partial<Transaction> = {}): Promise<Reason> => {
  const { auth, transport } = open()
  const reason = await reasonOf(auth.exchange(callback, { ...transaction, ...changes }))
  expect(transport.requests).toEqual([])
  return reason
}

describe("the exchange of an authorization code", () => {
  test("sends the code, the verifier and the unchanged redirect URI", async () => {
    const redirectUri = "https://APP.example:443/back?tenant=a%20b"
    const { auth, transport } = open([tokens])
    const callback = callbackUrl({ tenant: "a b", ...validQuery }, redirectUri)
    await Effect.runPromise(auth.exchange(callback, { ...transaction, redirectUri }))
    expect(formOf(transport.requests[0])).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      code_verifier: transaction.verifier,
      redirect_uri: redirectUri,
    })
  })

  test("takes the callback as a URL object, with the configured issuer in it", async () => {
    const { auth } = open([tokens])
    const callback = new URL(callbackUrl({ ...validQuery, iss: issuer }))
    expect((await Effect.runPromise(auth.exchange(callback, transaction))).scopes).toEqual(["email"])
  })

  test("requires an ID token when the scopes include openid", async () => {
    const { auth } = open([tokens])
    const call = auth.exchange(callbackUrl(validQuery), { ...transaction, scopes: ["openid"] })
    expect(await reasonOf(call)).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("a callback that does not match its transaction", () => {
  const invalidCallback = (check: string) => ({ _tag: "InvalidCallback", check })

  test.each<[string, string, Partial<Transaction>, object]>([
    ["another vendor's transaction", callbackUrl(validQuery), { provider: "ory" }, invalidCallback("provider")],
    ["another issuer's transaction", callbackUrl(validQuery), { issuer: `${issuer}/` }, invalidCallback("issuer")],
    [
      "another issuer in the callback",
      callbackUrl({ ...validQuery, iss: "https://evil.example" }),
      {},
      invalidCallback("issuer"),
    ],
    [
      "the configured issuer with a trailing slash",
      callbackUrl({ ...validQuery, iss: `${issuer}/` }),
      {},
      invalidCallback("issuer"),
    ],
    ["two issuers", `${callbackUrl({ ...validQuery, iss: issuer })}&iss=${issuer}`, {}, invalidCallback("issuer")],
    ["another state", callbackUrl({ ...validQuery, state: "other" }), {}, invalidCallback("state")],
    ["no state", callbackUrl({ code: "the-code" }), {}, invalidCallback("state")],
    ["an empty state", callbackUrl({ ...validQuery, state: "" }), {}, invalidCallback("state")],
    ["two states", `${callbackUrl(validQuery)}&state=the-state`, {}, invalidCallback("state")],
    ["no code", callbackUrl({ state: "the-state" }), {}, invalidCallback("code")],
    ["an empty code", callbackUrl({ ...validQuery, code: "" }), {}, invalidCallback("code")],
    ["two codes", `${callbackUrl(validQuery)}&code=other`, {}, invalidCallback("code")],
    ["another host", callbackUrl(validQuery, "https://evil.example/back"), {}, invalidCallback("redirect_uri")],
    ["another scheme", callbackUrl(validQuery, "http://app.example/back"), {}, invalidCallback("redirect_uri")],
    ["another port", callbackUrl(validQuery, "https://app.example:8443/back"), {}, invalidCallback("redirect_uri")],
    ["another path", callbackUrl(validQuery, "https://app.example/other"), {}, invalidCallback("redirect_uri")],
    [
      "a redirect URI without its query",
      callbackUrl(validQuery),
      { redirectUri: "https://app.example/back?tenant=t" },
      invalidCallback("redirect_uri"),
    ],
  ])("is rejected before a request is sent: %s", async (_, callback, changes, reason) => {
    expect(await rejectionOf(callback, changes)).toMatchObject(reason)
  })

  test("is rejected when it is not a URL", async () => {
    expect(await rejectionOf("/back?code=c")).toMatchObject({ _tag: "InvalidRequest", field: "callbackUrl" })
  })

  test("has its state checked before its error", async () => {
    expect(await rejectionOf(callbackUrl({ error: "access_denied", state: "other" }))).toEqual(invalidCallback("state"))
  })
})

describe("a callback without `iss`", () => {
  const metadata = (more: object) => json({ issuer, token_endpoint: `${issuer}/token`, ...more })

  test("is rejected when the metadata document promises `iss` in every callback", async () => {
    const document = metadata({ authorization_response_iss_parameter_supported: true })
    const { auth, transport } = open([document, tokens], { endpoints: undefined })
    expect(await reasonOf(auth.exchange(callbackUrl(validQuery), transaction))).toEqual({
      _tag: "InvalidCallback",
      check: "issuer",
      detail: `found no iss, expected "${issuer}"`,
    })
    expect(transport.requests.length).toBe(1)
    await Effect.runPromise(auth.exchange(callbackUrl({ ...validQuery, iss: issuer }), transaction))
  })

  test.each([{}, { authorization_response_iss_parameter_supported: false }])(
    "is accepted with the metadata %j",
    async (more) => {
      const { auth } = open([metadata(more), tokens], { endpoints: undefined })
      expect((await Effect.runPromise(auth.exchange(callbackUrl(validQuery), transaction))).accessToken).toBe("a")
    },
  )
})

describe("a callback with an error", () => {
  test.each<[code: string, reason: Reason]>([
    ["access_denied", { _tag: "AccessDenied", code: "access_denied" }],
    ["login_required", { _tag: "InteractionRequired", code: "login_required" }],
    ["consent_required", { _tag: "InteractionRequired", code: "consent_required" }],
    ["interaction_required", { _tag: "InteractionRequired", code: "interaction_required" }],
    ["account_selection_required", { _tag: "InteractionRequired", code: "account_selection_required" }],
    ["server_error", { _tag: "Unavailable", detail: "server_error: words" }],
    ["temporarily_unavailable", { _tag: "Unavailable", detail: "temporarily_unavailable: words" }],
    ["invalid_scope", { _tag: "InvalidCallback", check: "error", code: "invalid_scope" }],
    ["unauthorized_client", { _tag: "InvalidCallback", check: "error", code: "unauthorized_client" }],
    ["", { _tag: "InvalidCallback", check: "error" }],
    ["<script>", { _tag: "InvalidCallback", check: "error" }],
  ])("%j fails with %j and the words of the description", async (error, reason) => {
    const words = "detail" in reason ? {} : { detail: "words" }
    expect(await rejectionOf(callbackUrl({ error, state: "the-state", error_description: "words" }))).toEqual({
      ...reason,
      ...words,
    })
  })

  test("fails even when it also has a code", async () => {
    expect(await rejectionOf(callbackUrl({ ...validQuery, error: "access_denied" }))).toMatchObject({
      _tag: "AccessDenied",
    })
  })
})
