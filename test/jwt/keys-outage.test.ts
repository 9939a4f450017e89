import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { now, signingKey, token } from "./signing-keys.ts"
import { down, jwkSet, letBackgroundWorkRun, oryOf, outcome, patiently, run, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const accessToken = await token(one, { exp: now + 86_400 })
const secondToken = await token(one, { exp: now + 86_400, jti: "token-2" })
const tokenOfNewKey = await token(two, { exp: now + 86_400 })

describe("while the key set is unavailable", () => {
  test("tokens of cached keys stay valid for 30 minutes, with a growing pause of up to 30 seconds between requests", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        transport.keys = down
        const results: Array<unknown> = []
        for (let second = 0; second < 1800; second += 10) {
          yield* TestClock.adjust("10 seconds")
          results.push(yield* outcome(auth, accessToken))
          // A new token, whose signature must be verified.
          results.push(yield* outcome(auth, yield* Effect.promise(() => token(one, { jti: `at ${second}` }))))
        }
        return new Set(results)
      }),
    )
    expect(outcomes).toEqual(new Set([true]))
    // From the fifth minute to the thirtieth: pauses of 5, 10 and 20 seconds, then of 30 seconds.
    expect(transport.keyRequests).toBeGreaterThan(10)
    expect(transport.keyRequests).toBeLessThanOrEqual(1 + 5 + 51)
  })

  test("every call fails, without a result, once the keys are an hour old", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        transport.keys = down
        yield* TestClock.adjust("3599 seconds")
        const last = yield* outcome(auth, accessToken)
        yield* TestClock.adjust("1 second")
        const afterHour = yield* Effect.forEach([accessToken, secondToken, tokenOfNewKey, accessToken], (each) =>
          outcome(auth, each),
        )
        transport.keys = jwkSet(one.jwk)
        yield* TestClock.adjust("30 seconds")
        return { last, afterHour, recovered: yield* outcome(auth, accessToken) }
      }),
    )
    expect(outcomes).toEqual({ last: true, afterHour: Array.from({ length: 4 }, () => "Unavailable"), recovered: true })
  })

  test("every call without cached keys fails, and one after the pause requests the keys again", async () => {
    const transport = vendor(one.jwk)
    transport.keys = down
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        const first = [yield* outcome(auth, accessToken), yield* outcome(auth, accessToken)]
        transport.keys = jwkSet(one.jwk)
        yield* TestClock.adjust("5 seconds")
        return [...first, yield* outcome(auth, accessToken)]
      }),
    )
    expect(outcomes).toEqual(["Unavailable", "Unavailable", true])
    expect(transport.keyRequests).toBe(2)
  })

  test("a token with an unknown kid fails until soon after the vendor recovers, because its key may be new", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        transport.keys = down
        yield* TestClock.adjust("1 minute")
        const failures = [
          yield* patiently(outcome(auth, tokenOfNewKey)),
          yield* patiently(outcome(auth, tokenOfNewKey)),
        ]
        const keyRequests = transport.keyRequests
        transport.keys = jwkSet(one.jwk, two.jwk)
        return {
          failures,
          ofCachedKey: yield* outcome(auth, accessToken),
          keyRequests,
          recovered: yield* patiently(outcome(auth, tokenOfNewKey)),
        }
      }),
    )
    expect(outcomes).toEqual({
      failures: ["Unavailable", "Unavailable"],
      ofCachedKey: true,
      keyRequests: 3,
      recovered: true,
    })
  })

  test.each([
    ["an HTML page", { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }, "Unavailable"],
    [
      "truncated JSON",
      { status: 200, headers: { "content-type": "application/json" }, body: '{"keys":[' },
      "UnexpectedResponse",
    ],
    [
      "JSON without keys",
      { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
      "UnexpectedResponse",
    ],
    ["status 503", { status: 503, headers: {}, body: "" }, "Unavailable"],
    ["status 429", { status: 429, headers: { "retry-after": "7" }, body: "" }, "RateLimited"],
  ])(
    "because its response is %s, cached keys are used, and a call without them fails as introspect",
    async (_, response, reason) => {
      const transport = vendor(one.jwk)
      const auth = oryOf(transport)
      const outcomes = await run(
        Effect.gen(function* () {
          yield* outcome(auth, accessToken)
          transport.keys = Effect.succeed(response)
          yield* TestClock.adjust("10 minutes")
          yield* outcome(auth, accessToken)
          yield* letBackgroundWorkRun
          return yield* outcome(auth, accessToken)
        }),
      )
      expect(outcomes).toBe(true)
      const cold = vendor()
      cold.keys = Effect.succeed(response)
      const error = await run(Effect.flip(oryOf(cold).introspect(accessToken, { freshness: "local" })))
      expect(error).toMatchObject({ provider: "ory", operation: "introspect", reason: { _tag: reason } })
    },
  )

  test("a flood of tokens with unknown kids requests the keys less and less often", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const keyRequests = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        transport.keys = down
        yield* TestClock.adjust("1 minute")
        for (let second = 0; second < 120; second++) {
          yield* Effect.forkChild(outcome(auth, tokenOfNewKey), { startImmediately: true })
          yield* TestClock.adjust("1 second")
        }
        return transport.keyRequests
      }),
    )
    // The first one at once, then after pauses of 5, 10 and 20 seconds, and then of 30.
    expect(keyRequests).toBeGreaterThan(5)
    expect(keyRequests).toBeLessThanOrEqual(1 + 7)
  })
})
