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
