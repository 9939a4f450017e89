import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import type { FactKey } from "../../src/core/policies/cache-key.ts"
import { singleFlight } from "../../src/core/policies/single-flight.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, inactive, open, run, settings, tokens, vendor } from "./vendor.ts"

const key = "key" as FactKey

const step = Effect.sync(() => undefined)

/** Uses up a fiber's turn by so many steps: where it is used up, another fiber has its turn. */
const burn = (steps: number): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (let done = 0; done < steps; done++) yield* step
  })

/** A turn has 2048 steps; some of them are taken before the first one here. */
const turns = Array.from({ length: 80 }, (_, index) => 1980 + index)

describe.each([{ once: false }, { once: true }])("a request that is shared, %j", (options) => {
  test("answers everybody, wherever in their turn they come", async () => {
    for (const steps of turns) {
      const flights = singleFlight<number, never>(options)
      const first = flights.share(key, () => Effect.as(Effect.yieldNow, 1))
      const second = Effect.andThen(
        burn(steps),
        flights.share(key, () => Effect.succeed(1)),
      )
      const both = Effect.all([first, second], { concurrency: "unbounded" })
      const answers = Effect.timeoutOrElse(both, { duration: 2000, orElse: () => Effect.succeed([]) })
      expect([steps, await Effect.runPromise(answers)]).toEqual([steps, [1, 1]])
    }
  })

  test("is not left behind by one who gives up, wherever in his turn that is", async () => {
    for (const steps of turns) {
      const flights = singleFlight<number, never>(options)
      const answer = await Effect.runPromise(
        Effect.gen(function* () {
          const first = yield* Effect.forkChild(
            Effect.andThen(
              burn(steps),
              flights.share(key, () => Effect.never),
            ),
            {
              startImmediately: true,
            },
          )
          yield* Fiber.interrupt(first)
          return yield* Effect.timeoutOrElse(
            flights.share(key, () => Effect.succeed(2)),
            {
              duration: 2000,
              orElse: () => Effect.succeed(0),
            },
          )
        }),
      )
      expect(answer).toBe(2)
    }
  })
})

describe("a breaker that is half open", () => {
  test("lets another one try when the one who tried it was ended by a defect", async () => {
    const door = vendor(() => down)
    const auth = open(door, { retry: false, cache: false, singleFlight: false })
    const last = await run(
      Effect.gen(function* () {
        for (let index = 0; index < 5; index++) yield* Effect.ignore(auth.introspect("token"))
        yield* TestClock.adjust("5 seconds")
        door.answer = () => {
          throw new Error("a door of somebody's own")
        }
        yield* Effect.exit(auth.introspect("token"))
        door.answer = () => active()
        return yield* auth.introspect("token")
      }),
    )
    expect(last).toMatchObject({ active: true })
  })
})

describe("two secrets", () => {
  test.each([{ bogus: true }, { freshness: { maxAge: "99" } }, { freshness: null }, { timeout: "garbage" }])(
    "change nothing about what is refused at once: %j",
    async (options) => {
      const door = vendor(() => active())
      const auth = open(door, { clientSecret: ["new", "old"] })
      await run(auth.introspect("token"))
      const error = await run(Effect.flip(auth.introspect("token", options as never)))
      expect(error.reason._tag).toBe("InvalidRequest")
      expect(door.asked.length).toBe(1)
    },
  )
})

describe("an answer that comes late", () => {
  test("is not the last word when a younger one said inactive, also where that one does not serve", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(slow), active()))
    const auth = open(door, { cache: { inactiveMaxAge: 0 } })
    const state = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token", { freshness: "live" }), { startImmediately: true })
        yield* TestClock.adjust("1 second")
        door.answer = () => inactive
        yield* auth.introspect("token", { freshness: "live" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toEqual({ active: false })
  })

  test("is not for those who want one that is younger than the question", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(slow), active({ sub: "old" })))
    const auth = open(door)
    const [old, young] = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token"), { startImmediately: true })
        yield* TestClock.adjust("9 seconds")
        door.answer = () => active({ sub: "young" })
        const young = yield* auth.introspect("token", { freshness: { maxAge: 5 } })
        yield* Deferred.succeed(slow, undefined)
        return [yield* Fiber.join(old), young]
      }),
    )
    expect([old, young]).toMatchObject([{ subject: "old" }, { subject: "young" }])
  })

  test("with a token of the service's own is not kept when all tokens ended meanwhile", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(slow), tokens({ access_token: "old" })))
    const endpoints = { ...settings.endpoints, endSessionEndpoint: "https://id.example/end" }
    const auth = open(door, { endpoints })
    const token = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.clientCredentials(), { startImmediately: true })
        yield* auth.session.end({ returnTo: "https://app.example" })
        door.answer = () => tokens({ access_token: "young" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.clientCredentials()
      }),
    )
    expect(token.accessToken).toBe("young")
  })
})

describe("a service's own token", () => {
  test("does not serve past its end because renewing it took long", async () => {
    const door = vendor(() => tokens({ expires_in: 600 }))
    const auth = open(door, { retry: false })
    const outcome = await run(
      Effect.gen(function* () {
        yield* auth.clientCredentials()
        door.answer = () => Effect.delay(down, "30 seconds")
        yield* TestClock.adjust("590 seconds")
        const late = yield* Effect.forkChild(Effect.flip(auth.clientCredentials()), { startImmediately: true })
        yield* TestClock.adjust("30 seconds")
        return (yield* Fiber.join(late)).reason._tag
      }),
    )
    expect(outcome).toBe("Unavailable")
  })
})

describe("the budget for repeating", () => {
  test("is not filled by answers from memory", async () => {
    const door = vendor(({ body }) => (body?.includes("known") ? active() : Effect.succeed(json({}, 503))))
    const auth = open(door, { breaker: false })
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("known")
        for (let index = 0; index < 30; index++) {
          for (let hit = 0; hit < 20; hit++) yield* auth.introspect("known", { freshness: { maxAge: 3600 } })
          const call = yield* Effect.forkChild(Effect.ignore(auth.introspect(`token-${index}`)))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(call)
        }
      }),
    )
    expect(door.asked.length).toBeLessThanOrEqual(1 + 30 + 10 + 4)
  })
})
