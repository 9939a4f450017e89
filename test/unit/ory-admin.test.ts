import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { AuthError } from "../../src/ports/errors.ts"
import { clientOnTheWire, open } from "./ory-server.ts"
import { answer, json, reasonOf } from "./scripted-transport.ts"

const screens = ["getLogin", "getConsent", "getLogout"] as const

describe("a challenge that was handled before", () => {
  test.each(screens)("is a value, with the way on: %s", async (operation) => {
    const { auth } = open([json({ redirect_to: "https://id.example/on" }, 410)])
    const ask: (challenge: string) => Effect.Effect<unknown, AuthError> = auth.consent[operation]
    const asked = await Effect.runPromise(ask("challenge"))
    expect(asked).toEqual({ handled: true, redirectTo: "https://id.example/on" })
  })
})

describe("a challenge that is unknown or expired", () => {
  test.each(screens)("is NotFound, and not about our credentials: %s", async (operation) => {
    const body = {
      error: "request_unauthorized",
      error_description: "The login request has expired, please try again.",
    }
    expect(await reasonOf(open([json(body, 401)]).auth.consent[operation]("challenge"))).toEqual({ _tag: "NotFound" })
    expect(await reasonOf(open([json({ error: "Not Found" }, 404)]).auth.consent[operation]("challenge"))).toEqual({
      _tag: "NotFound",
    })
  })
})

describe("what only an administrator may set", () => {
  const record = { name: "a", scopes: ["openid"] }
  test.each([
    ["secret", { secret: "chosen secret" }],
    ["metadata", { metadata: { a: 1 } }],
    ["extra.skip_consent", { extra: { skip_consent: true } }],
    ["extra.skip_logout_consent", { extra: { skip_logout_consent: true } }],
    ["extra.access_token_strategy", { extra: { access_token_strategy: "jwt" } }],
  ])("is refused to a client that registers itself, and nothing is sent: %s", async (field, more) => {
    const { auth, door } = open()
    expect(await reasonOf(auth.registration.register({ ...record, ...more }))).toMatchObject({
      _tag: "InvalidRequest",
      field,
    })
    expect(door.requests).toEqual([])
  })
})

describe("revoking consent", () => {
  const queryOf = async (input: Parameters<ReturnType<typeof open>["auth"]["consent"]["revokeSessions"]>[0]) => {
    const { auth, door } = open([answer(204, undefined, "")])
    await Effect.runPromise(auth.consent.revokeSessions(input))
    return Object.fromEntries(new URL(door.requests[0]?.url ?? "").searchParams)
  }

  test("for one client names it, and never says all", async () => {
    expect(await queryOf({ subject: "u", client: "c" })).toEqual({ subject: "u", client: "c" })
    expect(await queryOf({ subject: "u", all: true })).toEqual({ subject: "u", all: "true" })
    expect(await queryOf({ consentRequestId: "r" })).toEqual({ consent_request_id: "r" })
  })
})

describe("what JSON cannot hold", () => {
  test("is refused before it is sent", async () => {
    const { auth, door } = open()
    const wrong = { challenge: "c", subject: "u", context: { count: 1n } }
    expect(await reasonOf(auth.consent.acceptLogin(wrong))).toMatchObject({ _tag: "InvalidRequest", field: "context" })
    expect(door.requests).toEqual([])
  })
})

describe("a client whose id no URL can hold", () => {
  test("is no answer", async () => {
    const { auth } = open([json({ ...clientOnTheWire(), client_id: "\ud800" })])
    expect(await reasonOf(auth.clients.get("c1"))).toMatchObject({ _tag: "UnexpectedResponse", path: "client_id" })
  })
})

describe("a challenge that is unknown or has expired", () => {
  const gone = () => [json({ error: "request_unauthorized", error_description: "The login request has expired." }, 401)]

  test.each(["getLogin", "getConsent", "getLogout", "acceptLogout", "rejectLogout"] as const)(
    "is not found by %s",
    async (name) => {
      expect(await reasonOf(open(gone()).auth.consent[name]("c"))).toEqual({ _tag: "NotFound" })
    },
  )

  test("is not found by whoever accepts or rejects a login or a consent", async () => {
    const consent = () => open(gone()).auth.consent
    const calls = [
      consent().acceptLogin({ challenge: "c", subject: "u" }),
      consent().rejectLogin({ challenge: "c", error: "access_denied" }),
      consent().acceptConsent({ challenge: "c", grantScopes: [] }),
      consent().rejectConsent({ challenge: "c", error: "access_denied" }),
    ]
    for (const call of calls) expect(await reasonOf(call)).toEqual({ _tag: "NotFound" })
  })
})

describe("what the admin side says", () => {
  const refusedWith = (body: object, status = 400) =>
    reasonOf(open([json(body, status)]).auth.clients.create({ name: "n", redirectUris: ["https://a.example"] }))

  test("in two sentences is repeated whole, and names the member", async () => {
    const error = "The request was malformed or contained invalid parameters"
    expect(await refusedWith({ error, error_description: "redirect_uris must not be empty" })).toEqual({
      _tag: "InvalidRequest",
      field: "redirectUris",
      detail: `${error}: redirect_uris must not be empty`,
    })
  })

  test.each([
    { error: { code: 403, message: "not allowed", reason: "the project is locked" } },
    { code: 403, message: "not allowed", reason: "the project is locked" },
  ])("in another shape is repeated too: %j", async (body) => {
    expect(await refusedWith(body, 403)).toEqual({
      _tag: "AccessDenied",
      detail: "not allowed: the project is locked",
    })
  })
})

describe("the admin side of a self-hosted server", () => {
  test("is sent no credential of the client's", async () => {
    const { auth, door } = open([
      json({ active: false }),
      json(clientOnTheWire()),
      json([]),
      answer(204, undefined, ""),
    ])
    await Effect.runPromise(auth.introspect("token"))
    await Effect.runPromise(auth.clients.get("c1"))
    await Effect.runPromise(auth.clients.list())
    await Effect.runPromise(auth.clients.revokeTokens("c1"))
    for (const { url, headers, body = "" } of door.requests) {
      expect(url).toMatch(/^https:\/\/admin\.example\/admin\//)
      expect(headers).not.toHaveProperty("authorization")
      expect(body).not.toContain("client_secret")
      expect(body).not.toContain("secret")
    }
  })

  test("says that the clocks differ when a signed assertion is refused by its time", async () => {
    const { privateKey } = await crypto.subtle
      .generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])
      .then(async (pair) => ({ privateKey: await crypto.subtle.exportKey("jwk", pair.privateKey) }))
    const key = { ...privateKey, kty: "EC", alg: "ES256", d: privateKey.d ?? "" }
    const refused = json({ error: "error", error_description: "The error is unrecognizable" }, 500)
    const { auth } = open([refused], { clientSecret: undefined, privateKey: key })
    expect(await reasonOf(auth.clientCredentials())).toMatchObject({
      _tag: "InvalidClient",
      detail: expect.stringContaining("clocks"),
    })
  })
})
