import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import type { CacheKey } from "../../src/core/policies/cache-key.ts"
import { singleFlight } from "../../src/core/policies/single-flight.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, inactive, open, openScoped, run, settings, settle, tokens, vendor } from "./vendor.ts"

const key = "key" as CacheKey

const step = Effect.sync(() => undefined)

/** Takes `steps` steps of a fiber's turn. When the turn is used up, another fiber runs. */
const takeSteps = (steps: number): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (let taken = 0; taken < steps; taken++) yield* step
  })

/** Step counts around the end of a turn. A turn has 2048 steps, and some are taken before the first step here. */
const stepCounts = Array.from({ length: 80 }, (_, index) => 1980 + index)

describe.each([{ once: false }, { once: true }])("a shared request, %j", (options) => {
  test("answers both callers, at whatever step of its turn the second one joins", async () => {
    for (const steps of stepCounts) {
      const flights = singleFlight<number, never>(options)
      const first = flights.do(key, () => Effect.as(Effect.yieldNow, 1))
      const second = Effect.andThen(
        takeSteps(steps),
        flights.do(key, () => Effect.succeed(1)),
      )
      const both = Effect.all([first, second], { concurrency: "unbounded" })
      const results = Effect.timeoutOrElse(both, { duration: 2000, orElse: () => Effect.succeed([]) })
      expect([steps, await Effect.runPromise(results)]).toEqual([steps, [1, 1]])
    }
  })

  test("ends when its caller is interrupted, at whatever step of the caller's turn", async () => {
    for (const steps of stepCounts) {
      const flights = singleFlight<number, never>(options)
      const result = await Effect.runPromise(
        Effect.gen(function* () {
          const first = yield* Effect.forkChild(
            Effect.andThen(
              takeSteps(steps),
              flights.do(key, () => Effect.never),
            ),
            {
              startImmediately: true,
            },
          )
          yield* Fiber.interrupt(first)
          return yield* Effect.timeoutOrElse(
            flights.do(key, () => Effect.succeed(2)),
            {
              duration: 2000,
              orElse: () => Effect.succeed(0),
            },
          )
        }),
      )
      expect(result).toBe(2)
    }
  })
})

describe("an open circuit", () => {
  test("closes by a later own request when one died of a defect", async () => {
    const transport = vendor(() => down)
    const last = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, { retry: false, cache: false, singleFlight: false })
        for (let index = 0; index < 5; index++) yield* Effect.ignore(auth.introspect("token"))
        yield* settle
        transport.respond = () => {
          throw new Error("a defect of a custom transport")
        }
        yield* TestClock.adjust("1 second")
        transport.respond = () => active()
        yield* TestClock.adjust("1 second")
        return yield* auth.introspect("token")
      }),
    )
    expect(last).toMatchObject({ active: true })
  })
})

describe("two client secrets", () => {
  test.each([{ bogus: true }, { freshness: { maxAge: "99" } }, { freshness: null }, { timeout: "garbage" }])(
    "do not change that invalid options are rejected before any request: %j",
    async (options) => {
      const transport = vendor(() => active())
      const auth = open(transport, { clientSecret: ["new", "old"] })
      await run(auth.introspect("token"))
      const error = await run(Effect.flip(auth.introspect("token", options as never)))
      expect(error.reason._tag).toBe("InvalidRequest")
      expect(transport.requests.length).toBe(1)
    },
  )
})

describe("a late response", () => {
  test('that is "active" never replaces a newer "inactive", even when "inactive" is not cached', async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(slow), active()))
    const auth = open(transport, { cache: { inactiveMaxAge: "0 millis" } })
    const state = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token", { freshness: "live" }), { startImmediately: true })
        yield* TestClock.adjust("1 second")
        transport.respond = () => inactive
        yield* auth.introspect("token", { freshness: "live" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toEqual({ active: false })
  })

  test("is not used for a call whose maxAge is shorter than the age of its request", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(slow), active({ sub: "old" })))
    const auth = open(transport)
    const [old, newer] = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* TestClock.adjust("9 seconds")
        transport.respond = () => active({ sub: "newer" })
        const newer = yield* auth.introspect("token", { freshness: { maxAge: "5 seconds" } })
        yield* Deferred.succeed(slow, undefined)
        return [yield* Fiber.join(old), newer]
      }),
    )
    expect([old, newer]).toMatchObject([{ subject: "old" }, { subject: "newer" }])
  })

  test("with a service token is not cached when all tokens end during the request", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(slow), tokens({ access_token: "old" })))
    const endpoints = { ...settings.endpoints, endSessionEndpoint: "https://id.example/end" }
    const auth = open(transport, { endpoints })
    const token = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.clientCredentials(), { startImmediately: true })
        yield* auth.session.end({ returnTo: "https://app.example" })
        transport.respond = () => tokens({ access_token: "newer" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.clientCredentials()
      }),
    )
    expect(token.accessToken).toBe("newer")
  })
})

describe("a service token", () => {
  test("is not used after it expired during a slow renewal", async () => {
    const transport = vendor(() => tokens({ expires_in: 600 }))
    const auth = open(transport, { retry: false })
    const outcome = await run(
      Effect.gen(function* () {
        yield* auth.clientCredentials()
        transport.respond = () => Effect.delay(down, "30 seconds")
        yield* TestClock.adjust("590 seconds")
        yield* auth.clientCredentials()
        yield* TestClock.adjust("15 seconds")
        // The refresh is still in flight, and the token has expired.
        const late = yield* Effect.forkChild(Effect.flip(auth.clientCredentials()), { startImmediately: true })
        yield* TestClock.adjust("30 seconds")
        return (yield* Fiber.join(late)).reason._tag
      }),
    )
    expect(outcome).toBe("Unavailable")
  })
})

describe("the retry budget", () => {
  test("does not grow with cache hits", async () => {
    const transport = vendor(({ body }) => (body?.includes("cached") ? active() : Effect.succeed(json({}, 503))))
    const auth = open(transport, { circuitBreaker: false })
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("cached")
        for (let index = 0; index < 30; index++) {
          for (let hit = 0; hit < 20; hit++) yield* auth.introspect("cached", { freshness: { maxAge: "1 hour" } })
          const call = yield* Effect.forkChild(Effect.ignore(auth.introspect(`token-${index}`)))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(call)
        }
      }),
    )
    expect(transport.requests.length).toBeLessThanOrEqual(1 + 30 + 10 + 4)
  })
})
