import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { AuthError } from "../../src/ports/errors.ts"
import { clientOnTheWire, open } from "./ory-server.ts"
import { json, rawResponse, reasonOf } from "./scripted-transport.ts"

const screens = ["getLogin", "getConsent", "getLogout"] as const

describe("a handled challenge", () => {
  test.each(screens)("is a result with its redirect URL: %s", async (operation) => {
    const { auth } = open([json({ redirect_to: "https://id.example/on" }, 410)])
    const get: (challenge: string) => Effect.Effect<unknown, AuthError> = auth.consent[operation]
    const request = await Effect.runPromise(get("challenge"))
    expect(request).toEqual({ handled: true, redirectTo: "https://id.example/on" })
  })
})

describe("the response to an unknown or expired challenge", () => {
  test.each(screens)("is NotFound, never InvalidClient: %s", async (operation) => {
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

describe("a member that only an administrator may set", () => {
  const record = { name: "a", scopes: ["openid"] }
  test.each([
    ["secret", { secret: "chosen secret" }],
    ["metadata", { metadata: { a: 1 } }],
    ["extra.skip_consent", { extra: { skip_consent: true } }],
    ["extra.skip_logout_consent", { extra: { skip_logout_consent: true } }],
    ["extra.access_token_strategy", { extra: { access_token_strategy: "jwt" } }],
  ])("is rejected in a client's own registration before a request is sent: %s", async (field, more) => {
    const { auth, transport } = open()
    expect(await reasonOf(auth.registration.register({ ...record, ...more }))).toMatchObject({
      _tag: "InvalidRequest",
      field,
    })
    expect(transport.requests).toEqual([])
  })
})

describe("a revocation of consent", () => {
  const queryOf = async (input: Parameters<ReturnType<typeof open>["auth"]["consent"]["revokeSessions"]>[0]) => {
    const { auth, transport } = open([rawResponse(204, undefined, "")])
    await Effect.runPromise(auth.consent.revokeSessions(input))
    return Object.fromEntries(new URL(transport.requests[0]?.url ?? "").searchParams)
  }

  test("sends `client` for one client, and `all` for all clients only", async () => {
    expect(await queryOf({ subject: "u", client: "c" })).toEqual({ subject: "u", client: "c" })
    expect(await queryOf({ subject: "u", all: true })).toEqual({ subject: "u", all: "true" })
    expect(await queryOf({ consentRequestId: "r" })).toEqual({ consent_request_id: "r" })
  })
})

describe("a value that JSON cannot represent", () => {
  test("is rejected before a request is sent", async () => {
    const { auth, transport } = open()
    const login = { challenge: "c", subject: "u", context: { count: 1n } }
    expect(await reasonOf(auth.consent.acceptLogin(login))).toMatchObject({ _tag: "InvalidRequest", field: "context" })
    expect(transport.requests).toEqual([])
  })
})

describe("a client id that a URL cannot contain", () => {
  test("is an unexpected response", async () => {
    const { auth } = open([json({ ...clientOnTheWire(), client_id: "\ud800" })])
    expect(await reasonOf(auth.clients.get("c1"))).toMatchObject({ _tag: "UnexpectedResponse", path: "client_id" })
  })
})

describe("an unknown or expired challenge", () => {
  const gone = () => [json({ error: "request_unauthorized", error_description: "The login request has expired." }, 401)]

  test.each(["getLogin", "getConsent", "getLogout", "acceptLogout", "rejectLogout"] as const)(
    "is not found by %s",
    async (name) => {
      expect(await reasonOf(open(gone()).auth.consent[name]("c"))).toEqual({ _tag: "NotFound" })
    },
  )

  test("is not found when a login or a consent is accepted or rejected", async () => {
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

describe("an error of the admin API", () => {
  const reasonWith = (body: object, status = 400) =>
    reasonOf(open([json(body, status)]).auth.clients.create({ name: "n", redirectUris: ["https://a.example"] }))

  test("in two sentences keeps both sentences, and names the member", async () => {
    const error = "The request was malformed or contained invalid parameters"
    expect(await reasonWith({ error, error_description: "redirect_uris must not be empty" })).toEqual({
      _tag: "InvalidRequest",
      field: "redirectUris",
      detail: `${error}: redirect_uris must not be empty`,
    })
  })

  test.each([
    { error: { code: 403, message: "not allowed", reason: "the project is locked" } },
    { code: 403, message: "not allowed", reason: "the project is locked" },
  ])("in another shape keeps its text: %j", async (body) => {
    expect(await reasonWith(body, 403)).toEqual({
      _tag: "AccessDenied",
      detail: "not allowed: the project is locked",
    })
  })
})

describe("a self-hosted server", () => {
  test("receives no client credentials at its admin API", async () => {
    const { auth, transport } = open([
      json({ active: false }),
      json(clientOnTheWire()),
      json([]),
      rawResponse(204, undefined, ""),
    ])
    await Effect.runPromise(auth.introspect("token"))
    await Effect.runPromise(auth.clients.get("c1"))
    await Effect.runPromise(auth.clients.list())
    await Effect.runPromise(auth.clients.revokeTokens("c1"))
    for (const { url, headers, body = "" } of transport.requests) {
      expect(url).toMatch(/^https:\/\/admin\.example\/admin\//)
      expect(headers).not.toHaveProperty("authorization")
      expect(body).not.toContain("client_secret")
      expect(body).not.toContain("secret")
    }
  })

  test("causes an error about differing clocks when it rejects the times of a signed assertion", async () => {
    const { privateKey } = await crypto.subtle
      .generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])
      .then(async (pair) => ({ privateKey: await crypto.subtle.exportKey("jwk", pair.privateKey) }))
    const key = { ...privateKey, kty: "EC", alg: "ES256", d: privateKey.d ?? "" }
    const rejection = json({ error: "error", error_description: "The error is unrecognizable" }, 500)
    const { auth } = open([rejection], { clientSecret: undefined, privateKey: key })
    expect(await reasonOf(auth.clientCredentials())).toMatchObject({
      _tag: "InvalidClient",
      detail: expect.stringContaining("clocks"),
    })
  })
})
