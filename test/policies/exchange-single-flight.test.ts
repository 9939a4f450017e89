import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { open, run, settings, tokens, vendor } from "./vendor.ts"

const transaction: Transaction = {
  provider: "oidc",
  issuer: settings.issuer,
  state: "the-state",
  nonce: "the-nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/back",
  scopes: ["email"],
  createdAtMillis: 0,
}

/** With the authorization endpoint, so that nothing is discovered. */
const endpoints = { ...settings.endpoints, authorizationEndpoint: `${settings.issuer}/auth` }

const callback = (code = "the-code", state = "the-state") => `https://app.example/back?code=${code}&state=${state}`

type Exchange = readonly [callback: string | URL, transaction: Transaction]

/** The transaction as a database may return it: its members in another order. */
const stored = Object.fromEntries(Object.entries(transaction).reverse()) as Record<string, unknown> & Transaction

/** Makes two exchanges at once, and gives their results and the number of requests. */
const both = async (one: Exchange, other: Exchange, changes: Parameters<typeof open>[1] = {}) => {
  const gate = Deferred.makeUnsafe<void>()
  const transport = vendor(() => Effect.andThen(Deferred.await(gate), tokens()))
  const auth = open(transport, { endpoints, ...changes })
  const results = await run(
    Effect.gen(function* () {
      const calls = yield* Effect.forEach([one, other], (args) =>
        Effect.forkChild(Effect.result(auth.exchange(...args)), { startImmediately: true }),
      )
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))
      yield* Deferred.succeed(gate, undefined)
      return yield* Effect.forEach(calls, Fiber.join)
    }),
  )
  return { results, requests: transport.count("/token") }
}

describe("concurrent exchanges", () => {
  test.each<[string, Exchange, Exchange]>([
    ["the same callback", [callback(), transaction], [callback(), transaction]],
    ["a callback as text and as a URL", [callback(), transaction], [new URL(callback()), transaction]],
    ["a transaction that was stored in between", [callback(), transaction], [callback(), stored]],
  ])("of one code and one transaction are one request: %s", async (_, one, other) => {
    const { results, requests } = await both(one, other)
    expect(results).toMatchObject([{ success: { accessToken: "issued" } }, { success: { accessToken: "issued" } }])
    expect(requests).toBe(1)
  })

  test.each<[string, Exchange]>([
    ["another code", [callback("another-code"), transaction]],
    ["another verifier", [callback(), { ...transaction, verifier: "w".repeat(43) }]],
    ["other scopes", [callback(), { ...transaction, scopes: ["email", "read"] }]],
  ])("are two requests with %s", async (_, other) => {
    expect((await both([callback(), transaction], other)).requests).toBe(2)
  })

  test("do not answer a callback with another state, which was not checked", async () => {
    const { results, requests } = await both([callback(), transaction], [callback("the-code", "other"), transaction])
    expect(results).toMatchObject([
      { success: { accessToken: "issued" } },
      { failure: { reason: { _tag: "InvalidCallback", check: "state" } } },
    ])
    expect(requests).toBe(1)
  })

  test("are two requests with `singleFlight: false`", async () => {
    const same: Exchange = [callback(), transaction]
    expect((await both(same, same, { singleFlight: false })).requests).toBe(2)
  })

  test("get dates of their own", async () => {
    const { results } = await both([callback(), transaction], [callback(), transaction])
    const [one, other] = results.map((result) => (result._tag === "Success" ? result.success.expiresAt : undefined))
    expect(one).toBeInstanceOf(Date)
    one?.setTime(0)
    expect(other?.getTime()).toBeGreaterThan(0)
  })
})

describe("an exchange after another one", () => {
  test("is a request of its own: nothing is cached", async () => {
    const transport = vendor(() => tokens())
    const auth = open(transport, { endpoints })
    await run(Effect.all([auth.exchange(callback(), transaction), auth.exchange(callback(), transaction)]))
    expect(transport.count("/token")).toBe(2)
  })
})
