import { type GivenToken, testAuth, unavailable } from "@latchkey/testing"
import * as Effect from "effect/Effect"
import { AuthError, type IntrospectOptions } from "latchkey"
import { Auth } from "latchkey/effect"
import { describe, expect, test, vi } from "vitest"

const jwt = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => ({ provider: error.provider, operation: error.operation, reason: error.reason }),
  )

describe("testAuth", () => {
  test("answers with the members that the test gives, and with defaults for the others", async () => {
    const auth = testAuth({ tokens: { good: { subject: "u1", scopes: ["orders:read"] } } })
    expect(await auth.introspect("good")).toEqual({
      ...{ active: true, use: "access_token", subject: "u1", scopes: ["orders:read"], audience: [], claims: {} },
      source: { live: expect.any(Date), stale: false },
    })
  })

  test.each<[string, GivenToken | undefined]>([
    ["unknown", undefined],
    ["inactive", "inactive"],
    ["inactive as a result has it", { active: false }],
    ["expired", { expiresAt: new Date(Date.now() - 1) }],
    ["not yet valid", { notBefore: new Date(Date.now() + 60_000) }],
    ["of the other kind", { use: "refresh_token" }],
  ])("says that a token is inactive which is %s", async (_, given) => {
    const auth = testAuth({ tokens: given === undefined ? {} : { token: given } })
    expect(await auth.introspect("token")).toEqual({ active: false })
  })

  test("has no token with the name of a member that every object has", async () => {
    expect(await testAuth().introspect("toString")).toEqual({ active: false })
  })

  test("answers about a refresh token where one is expected", async () => {
    const auth = testAuth({ tokens: { refresh: { use: "refresh_token" }, good: {} } })
    expect(await auth.introspect("refresh", { expect: "refresh_token" })).toMatchObject({ active: true })
    expect(await auth.introspect("good", { expect: "refresh_token" })).toEqual({ active: false })
  })

  test("fails with the reason or the error that the test gives", async () => {
    const error = new AuthError({ provider: "oidc", operation: "introspect", reason: { _tag: "NotFound" } })
    const auth = testAuth({ tokens: { down: unavailable, failed: error } })
    expect(await reasonOf(auth.introspect("down"))).toEqual({
      ...{ provider: "test", operation: "introspect", reason: unavailable },
    })
    await expect(auth.introspect("failed")).rejects.toMatchObject({
      ...{ provider: "oidc", reason: { _tag: "NotFound" } },
    })
  })

  test("reads the tokens at every call, so that a test can end an outage or revoke a token", async () => {
    const tokens: Record<string, GivenToken> = { token: unavailable }
    const auth = testAuth({ tokens })
    await expect(auth.introspect("token")).rejects.toMatchObject({ isRetryable: true })
    expect(auth.asked).toHaveLength(1)
    tokens.token = { subject: "u1" }
    expect(await auth.introspect("token")).toMatchObject({ subject: "u1" })
    tokens.token = "inactive"
    expect(await auth.introspect("token")).toEqual({ active: false })
  })

  test("fails at the call for a token that became wrong after the client was made", async () => {
    const tokens: Record<string, GivenToken> = {}
    const auth = testAuth({ tokens })
    Object.assign(tokens, { token: { scope: "orders:read" } })
    await expect(auth.introspect("token")).rejects.toThrow(/unknown member "scope"/)
  })

  test("records what was asked, and nothing that was refused before", async () => {
    const auth = testAuth({ tokens: { good: {} } })
    await auth.introspect("good", { freshness: "live", timeout: "2 seconds" })
    await auth.introspect("other")
    await auth.introspect("Bearer good").catch(() => undefined)
    expect(auth.asked).toEqual([{ token: "good", options: { freshness: "live" } }, { token: "other" }])
  })

  test.each<[string, string, object]>([
    ["an unknown option", "good", { fresh: true }],
    ["an unknown freshness", "good", { freshness: "newest" }],
    ["a duration without a unit", "good", { timeout: 2000 }],
    ["a maxAge without a unit", "good", { freshness: { maxAge: 30 } }],
    ["a kind that does not exist", "good", { expect: "id_token" }],
    ["a signal that is none", "good", { signal: "now" }],
    ["a token with its scheme", "Bearer good", {}],
  ])("rejects %s, as every vendor does", async (_, token, options) => {
    const auth = testAuth({ tokens: { good: {} } })
    expect(await reasonOf(auth.introspect(token, options as IntrospectOptions))).toMatchObject({
      ...{ provider: "test", operation: "introspect", reason: { _tag: "InvalidRequest" } },
    })
  })

  test.each(["live", "prefer-local", { maxAge: "30 seconds" }] as const)("takes freshness %j", async (freshness) => {
    const auth = testAuth({ tokens: { good: {} } })
    expect(await auth.introspect("good", { freshness, retry: false })).toMatchObject({ active: true })
  })

  test('takes freshness "local" for a token in the form of a JWT only', async () => {
    const auth = testAuth({ tokens: { [jwt]: {}, good: {} } })
    expect(await auth.introspect(jwt, { freshness: "local" })).toMatchObject({ active: true })
    expect(await reasonOf(auth.introspect("good", { freshness: "local" }))).toMatchObject({
      reason: { _tag: "UnsupportedOperation", argument: "freshness" },
    })
  })

  test("ends a call without an answer at its timeout", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] })
    try {
      const auth = testAuth({ tokens: { slow: () => new Promise(() => {}) } })
      const ended = reasonOf(auth.introspect("slow", { timeout: "50 millis" }))
      await vi.advanceTimersByTimeAsync(60)
      expect(await ended).toMatchObject({ provider: "test", reason: { _tag: "Unavailable" } })
    } finally {
      vi.useRealTimers()
    }
  })

  test("ends a call without an answer when its signal is aborted", async () => {
    const controller = new AbortController()
    const auth = testAuth({ tokens: { slow: () => new Promise(() => {}) } })
    const ended = auth.introspect("slow", { signal: controller.signal })
    controller.abort(new Error("the client left"))
    await expect(ended).rejects.toThrow("the client left")
  })

  test("takes a token from a function, at each call", async () => {
    let calls = 0
    const auth = testAuth({ tokens: { counted: () => ({ subject: `u${++calls}` }) } })
    await auth.introspect("counted")
    expect(await auth.introspect("counted")).toMatchObject({ subject: "u2" })
  })

  test("refuses every other operation as an adapter that can only introspect", async () => {
    const auth = testAuth()
    expect([...auth.can]).toEqual(["introspect"])
    const others = [auth.revoke("t"), auth.userInfo("t"), auth.clients.get("c1"), auth.metadata.discover()]
    for (const other of others)
      expect(await reasonOf(other)).toMatchObject({ provider: "test", reason: { _tag: "UnsupportedOperation" } })
    await auth.close()
  })

  test.each<[string, unknown, RegExp]>([
    ["no object of tokens", { tokens: null }, /tokens: expected an object/],
    ["an unknown option", { token: {} }, /unknown option "token" of testAuth/],
    ["a text that no token can be", { tokens: { "Bearer good": {} } }, /visible ASCII/],
    ["an unknown member", { tokens: { good: { scope: "a" } } }, /tokens\["good"\]: unknown member "scope"; expected/],
    ["scopes as a text", { tokens: { good: { scopes: "a b" } } }, /tokens\["good"\]: scopes: expected a list/],
    ["an audience as a text", { tokens: { good: { audience: "a" } } }, /audience: expected a list/],
    ["a number as the end", { tokens: { good: { expiresAt: 1 } } }, /expiresAt: expected a Date/],
    ["another word", { tokens: { good: "active" } }, /expected the members of an active token/],
  ])("throws a TypeError for %s", (_, options, message) => {
    expect(() => testAuth(options as never)).toThrow(message)
    expect(() => testAuth(options as never)).toThrow(TypeError)
  })
})

describe("the layer of testAuth", () => {
  test("provides the Auth service with the same tokens and the same record", async () => {
    const auth = testAuth({ tokens: { good: { subject: "u1" }, down: unavailable } })
    const program = Effect.gen(function* () {
      const service = yield* Auth
      const found = yield* service.introspect("good")
      const failed = yield* Effect.flip(service.introspect("down"))
      const lacking = yield* Effect.flip(service.revoke("good"))
      return { id: service.id, found, reasons: [failed.reason._tag, lacking.reason._tag] }
    })
    expect(await Effect.runPromise(Effect.provide(program, auth.layer))).toMatchObject({
      ...{ id: "test", found: { subject: "u1" }, reasons: ["Unavailable", "UnsupportedOperation"] },
    })
    expect(auth.asked.map(({ token }) => token)).toEqual(["good", "down"])
  })
})
