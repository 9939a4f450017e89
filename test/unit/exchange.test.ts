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
  created: 0,
}

const back = (query: Readonly<Record<string, string>>, at = transaction.redirectUri): string => {
  const url = new URL(at)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

const good = { code: "the-code", state: "the-state" }
const tokens = json({ access_token: "a", token_type: "Bearer" })

const refused = async (callback: string, changes: Partial<Transaction> = {}): Promise<Reason> => {
  const { auth, door } = open()
  const reason = await reasonOf(auth.exchange(callback, { ...transaction, ...changes }))
  expect(door.requests).toEqual([])
  return reason
}

describe("the exchange of a code", () => {
  test("sends the code with the verifier and the redirect URI as it was", async () => {
    const redirectUri = "https://APP.example:443/back?tenant=a%20b"
    const { auth, door } = open([tokens])
    const callback = back({ tenant: "a b", ...good }, redirectUri)
    await Effect.runPromise(auth.exchange(callback, { ...transaction, redirectUri }))
    expect(formOf(door.requests[0])).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      code_verifier: transaction.verifier,
      redirect_uri: redirectUri,
    })
  })

  test("takes the callback as a URL too, and the issuer in it when it is ours", async () => {
    const { auth } = open([tokens])
    const callback = new URL(back({ ...good, iss: issuer }))
    expect((await Effect.runPromise(auth.exchange(callback, transaction))).scopes).toEqual(["email"])
  })

  test("expects an ID token where openid was asked for", async () => {
    const { auth } = open([tokens])
    const call = auth.exchange(back(good), { ...transaction, scopes: ["openid"] })
    expect(await reasonOf(call)).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("a callback that is not the answer to our request", () => {
  const row = (check: string) => ({ _tag: "InvalidCallback", check })

  test.each<[string, string, Partial<Transaction>, object]>([
    ["another vendor's transaction", back(good), { provider: "ory" }, row("provider")],
    ["another issuer's transaction", back(good), { issuer: `${issuer}/` }, row("issuer")],
    ["another issuer in the callback", back({ ...good, iss: "https://evil.example" }), {}, row("issuer")],
    ["our issuer but for a slash", back({ ...good, iss: `${issuer}/` }), {}, row("issuer")],
    ["two issuers", `${back({ ...good, iss: issuer })}&iss=${issuer}`, {}, row("issuer")],
    ["another state", back({ ...good, state: "other" }), {}, row("state")],
    ["no state", back({ code: "the-code" }), {}, row("state")],
    ["an empty state", back({ ...good, state: "" }), {}, row("state")],
    ["two states", `${back(good)}&state=the-state`, {}, row("state")],
    ["no code", back({ state: "the-state" }), {}, row("code")],
    ["an empty code", back({ ...good, code: "" }), {}, row("code")],
    ["two codes", `${back(good)}&code=other`, {}, row("code")],
    ["another host", back(good, "https://evil.example/back"), {}, row("redirect_uri")],
    ["another scheme", back(good, "http://app.example/back"), {}, row("redirect_uri")],
    ["another port", back(good, "https://app.example:8443/back"), {}, row("redirect_uri")],
    ["another path", back(good, "https://app.example/other"), {}, row("redirect_uri")],
    ["its query gone", back(good), { redirectUri: "https://app.example/back?tenant=t" }, row("redirect_uri")],
  ])("is refused before anything is sent: %s", async (_, callback, changes, reason) => {
    expect(await refused(callback, changes)).toEqual(reason)
  })

  test("is refused when it is no URL", async () => {
    expect(await refused("/back?code=c")).toMatchObject({ _tag: "InvalidRequest", field: "callbackUrl" })
  })

  test("is judged by its state before its error", async () => {
    expect(await refused(back({ error: "access_denied", state: "other" }))).toEqual(row("state"))
  })
})

describe("a callback without an issuer", () => {
  const published = (more: object) => json({ issuer, token_endpoint: `${issuer}/token`, ...more })

  test("is refused where the server says that it names itself in every one", async () => {
    const document = published({ authorization_response_iss_parameter_supported: true })
    const { auth, door } = open([document, tokens], { endpoints: undefined })
    expect(await reasonOf(auth.exchange(back(good), transaction))).toEqual({ _tag: "InvalidCallback", check: "issuer" })
    expect(door.requests.length).toBe(1)
    await Effect.runPromise(auth.exchange(back({ ...good, iss: issuer }), transaction))
  })

  test.each([{}, { authorization_response_iss_parameter_supported: false }])("is taken from %j", async (more) => {
    const { auth } = open([published(more), tokens], { endpoints: undefined })
    expect((await Effect.runPromise(auth.exchange(back(good), transaction))).accessToken).toBe("a")
  })
})

describe("a callback with an error", () => {
  test.each<[code: string, reason: Reason]>([
    ["access_denied", { _tag: "AccessDenied", code: "access_denied" }],
    ["login_required", { _tag: "InteractionRequired", code: "login_required" }],
    ["consent_required", { _tag: "InteractionRequired", code: "consent_required" }],
    ["interaction_required", { _tag: "InteractionRequired", code: "interaction_required" }],
    ["account_selection_required", { _tag: "InteractionRequired", code: "account_selection_required" }],
    ["server_error", { _tag: "Unavailable", detail: "server_error" }],
    ["temporarily_unavailable", { _tag: "Unavailable", detail: "temporarily_unavailable" }],
    ["invalid_scope", { _tag: "InvalidCallback", check: "error", code: "invalid_scope" }],
    ["unauthorized_client", { _tag: "InvalidCallback", check: "error", code: "unauthorized_client" }],
    ["", { _tag: "InvalidCallback", check: "error" }],
    ["<script>", { _tag: "InvalidCallback", check: "error" }],
  ])("%j is told as %j", async (error, reason) => {
    expect(await refused(back({ error, state: "the-state", error_description: "words" }))).toEqual(reason)
  })

  test("is an error even when a code stands beside it", async () => {
    expect(await refused(back({ ...good, error: "access_denied" }))).toMatchObject({ _tag: "AccessDenied" })
  })
})
