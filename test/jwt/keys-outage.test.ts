import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { now, signingKey, token } from "./signing-keys.ts"
import { down, oryOf, outcome, published, run, settle, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const presented = await token(one, { exp: now + 86_400 })
const again = await token(one, { exp: now + 86_400, jti: "token-2" })
const rotated = await token(two, { exp: now + 86_400 })

describe("while the key set cannot be had", () => {
  test("tokens of known keys go on for 30 minutes, asked for at most every 30 seconds", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = down
        const seen: Array<unknown> = []
        for (let second = 0; second < 1800; second += 10) {
          yield* TestClock.adjust("10 seconds")
          seen.push(yield* outcome(auth, presented))
          // Not seen before: its signature must be checked.
          seen.push(yield* outcome(auth, yield* Effect.promise(() => token(one, { jti: `at ${second}` }))))
        }
        return new Set(seen)
      }),
    )
    expect(outcomes).toEqual(new Set([true]))
    // From the fifth minute to the thirtieth.
    expect(door.keysAsked).toBeGreaterThan(10)
    expect(door.keysAsked).toBeLessThanOrEqual(1 + 51)
  })

  test("beyond the bound every call is an error, and never a verdict", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = down
        yield* TestClock.adjust("3599 seconds")
        const last = yield* outcome(auth, presented)
        yield* TestClock.adjust("1 second")
        const beyond = yield* Effect.forEach([presented, again, rotated, presented], (each) => outcome(auth, each))
        door.keys = published(one.jwk)
        return { last, beyond, back: yield* outcome(auth, presented) }
      }),
    )
    expect(outcomes).toEqual({ last: true, beyond: Array.from({ length: 4 }, () => "Unavailable"), back: true })
  })

  test("from the start, every call is an error, and the next one tries again", async () => {
    const door = vendor(one.jwk)
    door.keys = down
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        const first = [yield* outcome(auth, presented), yield* outcome(auth, presented)]
        door.keys = published(one.jwk)
        return [...first, yield* outcome(auth, presented)]
      }),
    )
    expect(outcomes).toEqual(["Unavailable", "Unavailable", true])
    expect(door.keysAsked).toBe(3)
  })

  test("a token of a key that may be new is an error, for nobody knows, until soon after the vendor is well", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = down
        yield* TestClock.adjust("1 minute")
        const missed = [yield* outcome(auth, rotated), yield* outcome(auth, rotated)]
        yield* TestClock.adjust("10 seconds")
        missed.push(yield* outcome(auth, rotated))
        const asked = door.keysAsked
        door.keys = published(one.jwk, two.jwk)
        yield* TestClock.adjust("2 seconds")
        return { missed, known: yield* outcome(auth, presented), asked, back: yield* outcome(auth, rotated) }
      }),
    )
    expect(outcomes).toEqual({
      missed: ["Unavailable", "Unavailable", "Unavailable"],
      known: true,
      asked: 3,
      back: true,
    })
  })

  test.each([
    ["HTML", { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }, "UnexpectedResponse"],
    [
      "a cut answer",
      { status: 200, headers: { "content-type": "application/json" }, body: '{"keys":[' },
      "UnexpectedResponse",
    ],
    ["no set", { status: 200, headers: { "content-type": "application/json" }, body: "{}" }, "UnexpectedResponse"],
    ["503", { status: 503, headers: {}, body: "" }, "Unavailable"],
    ["429", { status: 429, headers: { "retry-after": "7" }, body: "" }, "RateLimited"],
  ])("because it is %s, keys are kept, and a first call is an error of introspect", async (_, answer, reason) => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = Effect.succeed(answer)
        yield* TestClock.adjust("10 minutes")
        yield* outcome(auth, presented)
        yield* settle
        return yield* outcome(auth, presented)
      }),
    )
    expect(outcomes).toBe(true)
    const cold = vendor()
    cold.keys = Effect.succeed(answer)
    const error = await run(Effect.flip(oryOf(cold).introspect(presented, { freshness: "local" })))
    expect(error).toMatchObject({ provider: "ory", operation: "introspect", reason: { _tag: reason } })
  })

  test("a flood of tokens of unknown keys asks for the keys less and less often", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const asked = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = down
        yield* TestClock.adjust("1 minute")
        for (let second = 0; second < 120; second++) {
          yield* outcome(auth, rotated)
          yield* TestClock.adjust("1 second")
        }
        return door.keysAsked
      }),
    )
    // After 1, 2, 4, 8 and 16 seconds, and then every 30.
    expect(asked).toBeGreaterThan(6)
    expect(asked).toBeLessThanOrEqual(1 + 9)
  })
})
