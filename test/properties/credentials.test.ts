import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { createAuth, type Reason, type Transport, type TransportRequest } from "latchkey"
import { make } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, test, vi } from "vitest"
import type { AuthError } from "../../src/ports/errors.ts"
import { json } from "../unit/scripted-transport.ts"

/** Answers every request with 500, as a real Polar does for a token outside ASCII. */
const failing = () => {
  const requests: Array<TransportRequest> = []
  const transport: Transport = {
    send: (request) =>
      Effect.sync(() => {
        requests.push(request)
        return json({}, 500)
      }),
  }
  return { requests, transport }
}

const client = { clientId: "app", clientSecret: "a secret of ours" }
const policies = { retry: false, circuitBreaker: false, log: () => undefined } as const

const { requests, transport } = failing()
const open = {
  oidc: Effect.runSync(
    Effect.scoped(make(oidc({ ...client, ...policies, issuer: "https://id.example" }, { transport }))),
  ),
  ory: Effect.runSync(
    Effect.scoped(
      make(
        ory(
          { ...client, ...policies, publicUrl: "https://id.example", adminUrl: "https://admin.example" },
          { transport },
        ),
      ),
    ),
  ),
  polar: Effect.runSync(Effect.scoped(make(polar({ ...client, ...policies }, { transport })))),
  kinde: Effect.runSync(
    Effect.scoped(
      make(
        kinde(
          {
            ...client,
            ...policies,
            issuer: "https://a.kinde.com",
            audience: "any",
            management: { clientId: "m2m", clientSecret: "another secret" },
          },
          { transport },
        ),
      ),
    ),
  ),
}

const subject = { subjectToken: "subject", subjectTokenType: "access_token" } as const

const transaction = {
  provider: "polar",
  issuer: "https://api.polar.sh",
  state: "state",
  nonce: "nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/callback",
  scopes: ["openid"],
  createdAtMillis: 0,
}

const clientWith = (token: string) => ({
  clientId: "c",
  raw: {},
  registration: { token: Redacted.make(token), uri: Redacted.make("https://id.example/register/c") },
})

const device = (deviceCode: string) => ({
  deviceCode,
  userCode: "u",
  verificationUri: "https://id.example/device",
  expiresAt: new Date(Date.now() + 1000),
  intervalSeconds: 0,
  scopes: [],
})

const callback = (code: string): string | URL => {
  // Not encoded: that would take longer than the call.
  if (code.length > 10_000) return `${transaction.redirectUri}?state=${transaction.state}&code=${code}`
  const url = new URL(transaction.redirectUri)
  url.searchParams.set("state", transaction.state)
  url.searchParams.set("code", code)
  return url
}

const record = { name: "app", scopes: ["openid"], redirectUris: ["https://app.example/callback"] }

type Call = (text: string) => Effect.Effect<unknown, AuthError>

/** Every operation that takes a credential from a caller, with its result for a text that cannot be one. */
const calls: ReadonlyArray<readonly [name: string, call: Call, result: unknown]> = [
  ["introspect", (text) => open.ory.introspect(text), { active: false }],
  ["introspect, live", (text) => open.polar.introspect(text, { freshness: "live" }), { active: false }],
  ["introspect, local", (text) => open.ory.introspect(text, { freshness: "local" }), { active: false }],
  ["userInfo", (text) => open.polar.userInfo(text), { _tag: "InvalidToken", check: "format" }],
  ["revoke", (text) => open.polar.revoke(text), undefined],
  ["refresh", (text) => open.polar.refresh(text), { _tag: "InvalidGrant" }],
  ["exchange", (text) => open.polar.exchange(callback(text), transaction), { _tag: "InvalidCallback", check: "code" }],
  ["pollDevice", (text) => open.ory.pollDevice(device(text)), { _tag: "InvalidGrant" }],
  ["jwtBearer", (text) => open.ory.jwtBearer(text), { _tag: "InvalidGrant" }],
  [
    "exchangeToken",
    (text) => open.oidc.exchangeToken({ subjectToken: text, subjectTokenType: "access_token" }),
    { _tag: "InvalidRequest", field: "subjectToken" },
  ],
  [
    "exchangeToken, the actor token",
    (text) => open.oidc.exchangeToken({ ...subject, actorToken: text, actorTokenType: "jwt" }),
    { _tag: "InvalidRequest", field: "actorToken" },
  ],
  [
    "session.end",
    (text) => open.ory.session.end({ idTokenHint: text }),
    { _tag: "InvalidRequest", field: "idTokenHint" },
  ],
  ["registration.read", (text) => open.ory.registration.read(clientWith(text) as never), { _tag: "InvalidToken" }],
  [
    "registration.update",
    (text) => open.ory.registration.update({ client: clientWith(text) as never, record: {} }),
    { _tag: "InvalidToken" },
  ],
  ["registration.remove", (text) => open.ory.registration.remove(clientWith(text) as never), { _tag: "InvalidToken" }],
  ["clients.get", (text) => open.polar.clients.get(clientWith(text) as never), { _tag: "InvalidToken" }],
  [
    "clients.patch",
    (text) => open.polar.clients.patch({ client: clientWith(text) as never, changes: {} }),
    { _tag: "InvalidToken" },
  ],
  [
    "clients.replace",
    (text) => open.polar.clients.replace({ client: clientWith(text) as never, record }),
    { _tag: "InvalidToken" },
  ],
  ["clients.remove", (text) => open.polar.clients.remove(clientWith(text) as never), { _tag: "InvalidToken" }],
  ["consent.getLogin", (text) => open.ory.consent.getLogin(text), { _tag: "NotFound" }],
  [
    "consent.acceptLogin",
    (text) => open.ory.consent.acceptLogin({ challenge: text, subject: "u" }),
    { _tag: "NotFound" },
  ],
  [
    "consent.rejectLogin",
    (text) => open.ory.consent.rejectLogin({ challenge: text, error: "denied" }),
    { _tag: "NotFound" },
  ],
  ["consent.getConsent", (text) => open.ory.consent.getConsent(text), { _tag: "NotFound" }],
  [
    "consent.acceptConsent",
    (text) => open.ory.consent.acceptConsent({ challenge: text, grantScopes: [] }),
    { _tag: "NotFound" },
  ],
  [
    "consent.rejectConsent",
    (text) => open.ory.consent.rejectConsent({ challenge: text, error: "denied" }),
    { _tag: "NotFound" },
  ],
  ["consent.getLogout", (text) => open.ory.consent.getLogout(text), { _tag: "NotFound" }],
  ["consent.acceptLogout", (text) => open.ory.consent.acceptLogout(text), { _tag: "NotFound" }],
  ["consent.rejectLogout", (text) => open.ory.consent.rejectLogout(text), { _tag: "NotFound" }],
  ["connectedApps.token", (text) => open.kinde.connectedApps.token(text), { _tag: "InvalidGrant" }],
  [
    "connectedApps.revoke",
    (text) => open.kinde.connectedApps.revoke(text),
    { _tag: "InvalidRequest", field: "sessionId" },
  ],
]

/** The result of a call, or the reason of its failure. */
const resultOf = (call: Effect.Effect<unknown, AuthError>): Promise<unknown> =>
  Effect.runPromise(
    Effect.match(call, { onSuccess: (result): unknown => result, onFailure: ({ reason }): Reason => reason }),
  )

/** A text with at least one character outside visible ASCII and the space. */
const notWellFormed = fc
  .tuple(
    fc.string({ unit: "binary" }),
    fc.oneof(
      fc.constantFrom("é", "\u0000", "\ud800", "\udfff", "\r\n", "\t", "\u007f", "日本", "\u00a0", "\ufeff"),
      fc.integer({ min: 0x7f, max: 0xffff }).map((code) => String.fromCharCode(code)),
    ),
    fc.string({ unit: "binary" }),
  )
  .map((parts) => parts.join(""))

/** A text without a scheme, a space or a character of URLs. */
const wellFormed = fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/)

describe.each(calls)("%s", (name, call, expected) => {
  test("sends nothing for a text that cannot be a credential, and has the result that the standards name", () =>
    fc.assert(
      fc.asyncProperty(notWellFormed, async (text) => {
        requests.length = 0
        const result = await resultOf(call(text))
        if (expected === undefined) expect(result).toBe(undefined)
        // A word before a token is an authentication scheme, and the caller's mistake.
        else if (!(name.startsWith("introspect") && (result as Partial<Reason>)._tag === "InvalidRequest"))
          expect(result).toMatchObject(expected as object)
        expect(requests).toEqual([])
      }),
      { numRuns: 500 },
    ))

  test("judges a text of 20 million characters without reading it", async () => {
    requests.length = 0
    for (const character of ["a", " ", "é", "\u0000"]) {
      const text = character.repeat(20_000_000)
      const durations: Array<number> = []
      // The fastest of several calls: the machine may be busy.
      for (let count = 0; count < 5; count++) {
        const startedAt = performance.now()
        const result = await resultOf(call(text))
        durations.push(performance.now() - startedAt)
        if (expected === undefined) expect(result).toBe(undefined)
        else expect(result).toMatchObject(expected as object)
      }
      expect(Math.min(...durations)).toBeLessThan(5)
    }
    expect(requests).toEqual([])
  })

  test("sends, or puts into a URL, a text of visible ASCII", () =>
    fc.assert(
      fc.asyncProperty(wellFormed, async (text) => {
        requests.length = 0
        const result = await resultOf(call(text))
        if (name === "session.end") expect((result as { readonly url: string }).url).toContain("id_token_hint=")
        else if (name === "introspect, local") expect(result).toMatchObject({ _tag: "UnsupportedOperation" })
        else expect(requests.length).toBeGreaterThan(0)
      }),
      { numRuns: 5 },
    ))
})

describe("a callback", () => {
  const exchange = (url: string | URL, changes: Partial<typeof transaction> = {}) =>
    resultOf(open.polar.exchange(url, { ...transaction, ...changes }))

  test.each(["a", "é", "日"])("of 900,000 characters %s is judged by its length and not parsed", async (character) => {
    const parse = vi.spyOn(URL, "parse")
    try {
      expect(await exchange(callback(character.repeat(900_000)))).toEqual({ _tag: "InvalidCallback", check: "code" })
      expect(parse).not.toHaveBeenCalled()
    } finally {
      parse.mockRestore()
    }
  })

  test("is judged by the length of its encoded text before its parameters are read", async () => {
    const text = callback("日".repeat(16_000))
    const expected = { _tag: "InvalidCallback", check: "code" }
    expect(await exchange(text, { state: "another" })).toEqual(expected)
    expect(await exchange(new URL(text), { state: "another" })).toEqual(expected)
  })

  test("of 16,000 characters is sent", async () => {
    requests.length = 0
    await exchange(callback("a".repeat(16_000)))
    expect(requests.length).toBeGreaterThan(0)
  })
})

describe("a text that is no credential", () => {
  /** Texts that an application may take from a stranger: an address, an id in a path, a cursor. */
  const texts: ReadonlyArray<readonly [field: string, call: Call]> = [
    ["loginHint", (text) => open.ory.authorize({ redirectUri: "https://app.example/", loginHint: text })],
    ["state", (text) => open.ory.session.end({ state: text, returnTo: "https://app.example/" })],
    ["returnTo", (text) => open.ory.session.end({ returnTo: `https://app.example/${text}` })],
    ["expectedSubject", (text) => open.polar.userInfo("token", { expectedSubject: text })],
    ["scopes.0", (text) => open.polar.refresh("token", { scopes: [text] })],
    ["subject", (text) => Stream.runCollect(open.ory.consent.listSessions({ subject: text }))],
    ["cursor", (text) => Stream.runCollect(open.ory.clients.list({ cursor: text }))],
  ]

  test.each(texts)(
    "is rejected as InvalidRequest when it is longer than 16,384 characters: %s",
    async (field, call) => {
      requests.length = 0
      expect(await resultOf(call("a".repeat(16_385)))).toEqual({
        _tag: "InvalidRequest",
        field,
        detail: "expected at most 16384 characters",
      })
      expect(requests).toEqual([])
      expect(await resultOf(call("a".repeat(16_300)))).not.toMatchObject({ field })
    },
  )

  test.each(texts)("is not read when it is far too long: %s", async (field, call) => {
    const text = Buffer.from(new Uint16Array(5_000_000).fill(0x65e5).buffer).toString("utf16le")
    const durations: Array<number> = []
    // The fastest of several calls: the machine may be busy.
    for (let count = 0; count < 5; count++) {
      const startedAt = performance.now()
      expect(await resultOf(call(text))).toMatchObject({ _tag: "InvalidRequest", field })
      durations.push(performance.now() - startedAt)
    }
    expect(Math.min(...durations)).toBeLessThan(5)
  })
})

describe("a text that cannot be a token", () => {
  test("explains itself without a request, also when it is long", async () => {
    const auth = createAuth(polar(client, { transport }))
    requests.length = 0
    for (const text of ["é", "a".repeat(20_000_000)]) {
      const explanation = await auth.explain(text)
      expect(explanation).toMatchObject({ active: false, checks: [{ check: "token.format", passed: false }] })
    }
    expect(requests).toEqual([])
  })

  test("opens no circuit", async () => {
    const vendor: Transport = {
      send: ({ body }) =>
        Effect.succeed(
          body?.includes("good")
            ? json({
                active: true,
                token_type: "access_token",
                client_id: "app",
                sub: "u",
                iss: "https://api.polar.sh",
              })
            : json({}, 500),
        ),
    }
    const auth = createAuth(polar(client, { transport: vendor }))
    for (let count = 0; count < 20; count++) {
      await auth.userInfo("é").catch(() => undefined)
      await auth.revoke("é")
      await auth.refresh("é").catch(() => undefined)
      await auth.exchange(callback("é"), transaction).catch(() => undefined)
    }
    expect(await auth.introspect("good")).toMatchObject({ active: true })
  })
})
