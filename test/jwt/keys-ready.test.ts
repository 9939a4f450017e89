import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { JsonWebKey } from "latchkey"
import { describe, expect, test } from "vitest"
import { now, signingKey, token } from "./signing-keys.ts"
import { oryOf, outcome, published, run, settle, type Vendor, vendor } from "./vendor.ts"

const one = signingKey("RS256", "one")
const two = signingKey("RS256", "two")
const presented = await token(one, { exp: now + 86_400 })
const again = await token(one, { exp: now + 86_400, jti: "token-2" })
const rotated = await token(two, { exp: now + 86_400 })

/** The keys come when the test says so. */
const held = (door: Vendor, ...keys: ReadonlyArray<JsonWebKey>) => {
  const gate = Deferred.makeUnsafe<void>()
  door.keys = Effect.andThen(Deferred.await(gate), published(...keys))
  return Deferred.succeed(gate, undefined)
}

describe("the keys of a vendor", () => {
  test("are not asked for before a token comes, nor for one that cannot be the vendor's", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const foreign = await token(one, { iss: "https://evil.example" })
    const expired = await token(one, { exp: now - 3600 })
    expect(await run(Effect.forEach([foreign, expired], (each) => outcome(auth, each)))).toEqual([false, false])
    expect(door.keysAsked).toBe(0)
  })

  test("are asked for once by fifty callers at once", async () => {
    const door = vendor()
    const release = held(door, one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        const tokens = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? presented : again))
        const fiber = yield* Effect.forkChild(
          Effect.forEach(tokens, (each) => outcome(auth, each), { concurrency: "unbounded" }),
        )
        yield* settle
        yield* release
        return yield* Fiber.join(fiber)
      }),
    )
    expect(outcomes).toEqual(Array.from({ length: 50 }, () => true))
    expect(door.keysAsked).toBe(1)
  })

  test("come although the caller who asked for them first has given up", async () => {
    const door = vendor()
    const release = held(door, one.jwk)
    const auth = oryOf(door)
    const result = await run(
      Effect.gen(function* () {
        const leader = yield* Effect.forkChild(outcome(auth, presented))
        yield* settle
        const waiter = yield* Effect.forkChild(outcome(auth, again))
        yield* settle
        yield* Fiber.interrupt(leader)
        yield* release
        return yield* Fiber.join(waiter)
      }),
    )
    expect(result).toBe(true)
    expect(door.keysAsked).toBe(1)
  })

  test("are asked for again beside the calls that they serve, once", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const asked = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        yield* TestClock.adjust("299 seconds")
        yield* outcome(auth, presented)
        const before = door.keysAsked
        yield* TestClock.adjust("1 second")
        const release = held(door, one.jwk)
        // Nobody waits for what is under way, whether the token is known or not.
        const during = yield* Effect.forEach([presented, again, presented], (each) => outcome(auth, each))
        const meanwhile = door.keysAsked
        yield* release
        yield* settle
        const after = yield* Effect.forEach([presented, again], (each) => outcome(auth, each))
        return { before, during, meanwhile, after, total: door.keysAsked }
      }),
    )
    expect(asked).toEqual({ before: 1, during: [true, true, true], meanwhile: 2, after: [true, true], total: 2 })
  })

  test("are asked for at once when a token names an unknown one, and then not for 30 seconds", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const unknown = await Promise.all(
      Array.from({ length: 20 }, (_, index) => token(two, { exp: now + 86_400 }, { kid: `unknown-${index}` })),
    )
    const asked = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        yield* TestClock.adjust("30 seconds")
        const first = yield* Effect.forEach(unknown, (each) => outcome(auth, each))
        const afterFirst = door.keysAsked
        yield* TestClock.adjust("29 seconds")
        yield* Effect.forEach(unknown, (each) => outcome(auth, each), { concurrency: "unbounded" })
        const within = door.keysAsked
        yield* TestClock.adjust("1 second")
        yield* Effect.forEach(unknown, (each) => outcome(auth, each), { concurrency: "unbounded" })
        return { first: new Set(first), afterFirst, within, total: door.keysAsked }
      }),
    )
    expect(asked).toEqual({ first: new Set([false]), afterFirst: 2, within: 2, total: 3 })
  })

  test("are asked for at once when the clock was set back, and those that are gone serve no more", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* TestClock.adjust("2 hours")
        yield* outcome(auth, presented)
        door.keys = published(two.jwk)
        yield* TestClock.setTime(now * 1000)
        return yield* Effect.forEach([rotated, presented], (each) => outcome(auth, each))
      }),
    )
    expect(outcomes).toEqual([true, false])
  })

  test("that were added are found by the first token that names one", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        door.keys = published(one.jwk, two.jwk)
        yield* TestClock.adjust("31 seconds")
        return yield* Effect.forEach([rotated, presented], (each) => outcome(auth, each))
      }),
    )
    expect(outcomes).toEqual([true, true])
  })

  test("that were added are waited for when they are being asked for already", async () => {
    const door = vendor(one.jwk)
    const auth = oryOf(door)
    const outcomes = await run(
      Effect.gen(function* () {
        yield* outcome(auth, presented)
        yield* TestClock.adjust("5 minutes")
        const release = held(door, one.jwk, two.jwk)
        const old = yield* outcome(auth, presented)
        const fresh = yield* Effect.forkChild(outcome(auth, rotated))
        yield* settle
        yield* release
        return [old, yield* Fiber.join(fresh)]
      }),
    )
    expect(outcomes).toEqual([true, true])
    expect(door.keysAsked).toBe(2)
  })
})
