import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { JsonWebKey } from "latchkey"
import { describe, expect, test } from "vitest"
import { now, signingKey, token } from "./signing-keys.ts"
import { jwkSet, letBackgroundWorkRun, oryOf, outcome, patiently, run, type Vendor, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const ec = signingKey("ES256", "ec")
const accessToken = await token(one, { exp: now + 86_400 })
const secondToken = await token(one, { exp: now + 86_400, jti: "token-2" })
const tokenOfNewKey = await token(two, { exp: now + 86_400 })

/** Holds the key set response back, and returns the effect that releases it. */
const holdKeys = (transport: Vendor, ...keys: ReadonlyArray<JsonWebKey>) => {
  const gate = Deferred.makeUnsafe<void>()
  transport.keys = Effect.andThen(Deferred.await(gate), jwkSet(...keys))
  return Deferred.succeed(gate, undefined)
}

describe("the vendor's key set", () => {
  test("is not requested before a token arrives, or for a token that cannot be the vendor's", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const foreign = await token(one, { iss: "https://evil.example" })
    const expired = await token(one, { exp: now - 3600 })
    expect(await run(Effect.forEach([foreign, expired], (each) => outcome(auth, each)))).toEqual([false, false])
    expect(transport.keyRequests).toBe(0)
  })

  test("is requested once for fifty concurrent callers", async () => {
    const transport = vendor()
    const release = holdKeys(transport, one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        const tokens = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? accessToken : secondToken))
        const fiber = yield* Effect.forkChild(
          Effect.forEach(tokens, (each) => outcome(auth, each), { concurrency: "unbounded" }),
        )
        yield* letBackgroundWorkRun
        yield* release
        return yield* Fiber.join(fiber)
      }),
    )
    expect(outcomes).toEqual(Array.from({ length: 50 }, () => true))
    expect(transport.keyRequests).toBe(1)
  })

  test("arrives for the other callers when the first caller is interrupted", async () => {
    const transport = vendor()
    const release = holdKeys(transport, one.jwk)
    const auth = oryOf(transport)
    const result = await run(
      Effect.gen(function* () {
        const leader = yield* Effect.forkChild(outcome(auth, accessToken))
        yield* letBackgroundWorkRun
        const waiter = yield* Effect.forkChild(outcome(auth, secondToken))
        yield* letBackgroundWorkRun
        yield* Fiber.interrupt(leader)
        yield* release
        return yield* Fiber.join(waiter)
      }),
    )
    expect(result).toBe(true)
    expect(transport.keyRequests).toBe(1)
  })

  test("is refreshed in the background, with one request", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const refresh = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        yield* TestClock.adjust("299 seconds")
        yield* outcome(auth, accessToken)
        const before = transport.keyRequests
        yield* TestClock.adjust("1 second")
        const release = holdKeys(transport, one.jwk)
        // No call waits for the request under way, whether its token was validated before or not.
        const during = yield* Effect.forEach([accessToken, secondToken, accessToken], (each) => outcome(auth, each))
        const meanwhile = transport.keyRequests
        yield* release
        yield* letBackgroundWorkRun
        const after = yield* Effect.forEach([accessToken, secondToken], (each) => outcome(auth, each))
        return { before, during, meanwhile, after, total: transport.keyRequests }
      }),
    )
    expect(refresh).toEqual({ before: 1, during: [true, true, true], meanwhile: 2, after: [true, true], total: 2 })
  })

  test("is requested at most once in 5 seconds, however many tokens have unknown kids", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const tokensOfUnknownKeys = await Promise.all(
      Array.from({ length: 20 }, (_, index) => token(two, { exp: now + 86_400 }, { kid: `unknown-${index}` })),
    )
    const requests = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        const flood = yield* Effect.forkChild(
          Effect.forEach(tokensOfUnknownKeys, (each) => outcome(auth, each), { concurrency: "unbounded" }),
          { startImmediately: true },
        )
        yield* TestClock.adjust("4999 millis")
        const within = transport.keyRequests
        yield* TestClock.adjust("1 millis")
        const outcomes = new Set(yield* Fiber.join(flood))
        const afterPause = transport.keyRequests
        for (let round = 0; round < 6; round++) {
          yield* Effect.forkChild(outcome(auth, tokensOfUnknownKeys[round] ?? ""), { startImmediately: true })
          yield* TestClock.adjust("10 seconds")
        }
        return { within, outcomes, afterPause, total: transport.keyRequests }
      }),
    )
    // A minute of forged tokens makes at most 12 requests.
    expect(requests).toEqual({ within: 1, outcomes: new Set([false]), afterPause: 2, total: expect.any(Number) })
    expect(requests.total).toBeLessThanOrEqual(2 + 12)
  })

  test("makes a token of a rotated key valid within 5 seconds, while forged tokens arrive", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const forged = await token(two, { exp: now + 86_400 }, { kid: "forged" })
    const result = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        const flood = yield* Effect.forkChild(outcome(auth, forged), { startImmediately: true })
        yield* TestClock.adjust("5 seconds")
        const forgedOutcome = yield* Fiber.join(flood)
        transport.keys = jwkSet(one.jwk, two.jwk)
        const rotated = yield* Effect.forkChild(outcome(auth, tokenOfNewKey), { startImmediately: true })
        yield* TestClock.adjust("5 seconds")
        return [forgedOutcome, yield* Fiber.join(rotated)]
      }),
    )
    expect(result).toEqual([false, true])
  })

  test("lets at most 1,000 tokens of unknown keys wait", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const unknown = await Promise.all(
      Array.from({ length: 1001 }, (_, index) => token(ec, { exp: now + 86_400 }, { kid: `unknown-${index}` })),
    )
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        const waiting = yield* Effect.forEach(unknown.slice(0, 1000), (each) =>
          Effect.forkChild(outcome(auth, each), { startImmediately: true }),
        )
        const last = yield* outcome(auth, unknown[1000] ?? "")
        yield* TestClock.adjust("5 seconds")
        return [last, new Set(yield* Effect.forEach(waiting, Fiber.join))]
      }),
    )
    expect(outcomes).toEqual(["Unavailable", new Set([false])])
  })

  test("is requested at once when the clock moves back, and removed keys are no longer used", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* TestClock.adjust("2 hours")
        yield* outcome(auth, accessToken)
        transport.keys = jwkSet(two.jwk)
        yield* TestClock.setTime(now * 1000)
        return yield* Effect.forEach([tokenOfNewKey, accessToken], (each) => patiently(outcome(auth, each)))
      }),
    )
    expect(outcomes).toEqual([true, false])
  })

  test("is requested for the first token of an added key", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        transport.keys = jwkSet(one.jwk, two.jwk)
        yield* TestClock.adjust("31 seconds")
        return yield* Effect.forEach([tokenOfNewKey, accessToken], (each) => outcome(auth, each))
      }),
    )
    expect(outcomes).toEqual([true, true])
  })

  test("is awaited by the token of an added key when a request is under way", async () => {
    const transport = vendor(one.jwk)
    const auth = oryOf(transport)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, accessToken)
        yield* TestClock.adjust("5 minutes")
        const release = holdKeys(transport, one.jwk, two.jwk)
        const oldKeyOutcome = yield* outcome(auth, accessToken)
        const newKeyFiber = yield* Effect.forkChild(outcome(auth, tokenOfNewKey))
        yield* letBackgroundWorkRun
        yield* release
        return [oldKeyOutcome, yield* Fiber.join(newKeyFiber)]
      }),
    )
    expect(outcomes).toEqual([true, true])
    expect(transport.keyRequests).toBe(2)
  })
})
