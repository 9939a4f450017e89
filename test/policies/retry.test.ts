import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { AuthError } from "latchkey/effect"
import { describe, expect, test } from "vitest"
import { allOperations } from "../../src/ports/operations.ts"
import { classOf, onOutage } from "../../src/ports/policies.ts"
import { json } from "../unit/scripted-transport.ts"
import { type Answer, active, down, ended, open, run, start, tokens, type Vendor, vendor } from "./vendor.ts"

type Auth = ReturnType<typeof open>

/** A vendor that fails so many times before it answers. */
const failing = (times: number, answer: Answer, failure: Answer = down): Vendor => {
  const door = vendor(() => (door.asked.length <= times ? failure : answer))
  return door
}

/** Lets all the waits of a call pass. */
const patiently = <A>(call: Effect.Effect<A, AuthError>) =>
  run(
    Effect.gen(function* () {
      return yield* ended(yield* Effect.forkChild(Effect.result(call)))
    }),
  )

const introspect = (auth: Auth) => auth.introspect("token", { freshness: "live" })

describe("a call that found nobody", () => {
  test.each([
    ["introspect", active(), introspect],
    ["userInfo", Effect.succeed(json({ sub: "user-1" })), (auth: Auth) => auth.userInfo("token")],
    ["revoke", Effect.succeed({ status: 200, headers: {}, body: "" }), (auth: Auth) => auth.revoke("token")],
    ["clientCredentials", tokens(), (auth: Auth) => auth.clientCredentials()],
    ["metadata.keys", Effect.succeed(json({ keys: [] })), (auth: Auth) => auth.metadata.keys()],
  ] as const)("is made again: %s", async (_, answer, call) => {
    const door = failing(2, answer)
    expect(await patiently(call(open(door)) as Effect.Effect<unknown, AuthError>)).toMatchObject({ _tag: "Success" })
    expect(door.asked.length).toBe(3)
  })

  test.each([
    ["refresh", (auth: Auth) => auth.refresh("token")],
    ["jwtBearer", (auth: Auth) => auth.jwtBearer("assertion")],
    ["deviceAuthorization", (auth: Auth) => auth.deviceAuthorization()],
  ] as const)("is never made again where it may have been done: %s", async (_, call) => {
    const door = failing(1, tokens())
    const auth = open(door, {
      endpoints: {
        tokenEndpoint: "https://id.example/token",
        deviceAuthorizationEndpoint: "https://id.example/device",
      },
    })
    expect(await patiently(call(auth) as Effect.Effect<unknown, AuthError>)).toMatchObject({ _tag: "Failure" })
    expect(door.asked.length).toBe(1)
  })

  test("is not made again at once by a vendor that says no wait is left", async () => {
    const door = failing(1, active(), Effect.succeed(json({}, 429, { "retry-after": "0" })))
    const auth = open(door)
    const asked = await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(introspect(auth), { startImmediately: true })
        yield* TestClock.adjust("99 millis")
        const early = door.asked.length
        yield* TestClock.adjust("101 millis")
        yield* Fiber.join(fiber)
        return [early, door.asked.length]
      }),
    )
    expect(asked).toEqual([1, 2])
  })

  test("gives up after two more, or as many as are configured", async () => {
    const door = failing(99, active())
    await patiently(introspect(open(door)))
    expect(door.asked.length).toBe(3)
    const eager = failing(99, active())
    await patiently(introspect(open(eager, { retry: { times: 4 }, breaker: false })))
    expect(eager.asked.length).toBe(5)
  })

  test("is not made again when the call or the configuration says so", async () => {
    const door = failing(1, active())
    await patiently(open(door).introspect("token", { retry: false, freshness: "live" }))
    expect(door.asked.length).toBe(1)
    const other = failing(1, active())
    await patiently(introspect(open(other, { retry: false })))
    expect(other.asked.length).toBe(1)
  })

  test.each([400, 401, 403, 404])("is not made again when there was an answer, such as %d", async (status) => {
    const door = failing(1, active(), Effect.succeed(json({ error: "no" }, status)))
    await patiently(introspect(open(door)))
    expect(door.asked.length).toBe(1)
  })
})

describe("the wait before it", () => {
  const waits = (failure: Answer, random: number, config = {}) =>
    run(
      Effect.gen(function* () {
        const door = failing(99, active(), failure)
        const times: Array<number> = []
        const { answer } = door
        door.answer = (request) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            times.push(Math.round(now - start))
            return answer(request)
          })
        const fiber = yield* Effect.forkChild(Effect.result(introspect(open(door, config))))
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        return times
      }).pipe(Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => random })),
    )

  test("is random, at most 100 ms and then 200 ms", async () => {
    expect(await waits(down, 0.999)).toEqual([0, 100, 300])
    expect(await waits(down, 0.5)).toEqual([0, 50, 150])
  })

  test("is what the vendor asked for, and a little more", async () => {
    const busy = Effect.succeed(json({}, 429, { "retry-after": "1" }))
    expect(await waits(busy, 0.999)).toEqual([0, 1100, 2300])
  })

  test("is not made when the vendor asks for more than two seconds: the call fails at once and says so", async () => {
    const busy = Effect.succeed(json({}, 503, { "retry-after": "3" }))
    expect(await waits(busy, 0.5)).toEqual([0])
    expect(await waits(busy, 0, { retry: { maxWait: "3 seconds" } })).toEqual([0, 3000, 6000])
  })
})

describe("many calls in an outage", () => {
  test("repeat a tenth of themselves and ten more, all together", async () => {
    const door = failing(Number.POSITIVE_INFINITY, active())
    const auth = open(door, { breaker: false })
    await run(
      Effect.gen(function* () {
        for (let index = 0; index < 200; index++) {
          const fiber = yield* Effect.forkChild(Effect.result(introspect(auth)))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
        }
      }),
    )
    expect(door.asked.length).toBeGreaterThanOrEqual(200 + 20)
    expect(door.asked.length).toBeLessThanOrEqual(200 + 20 + 10)
  })
})

describe("the table of what may be done in an outage", () => {
  test("lets nothing be repeated that makes or uses up something", () => {
    const repeated = allOperations.filter((operation) => onOutage[classOf(operation)].retry)
    for (const word of ["create", "register", "exchange", "refresh", "rotate", "accept", "reject", "remove", "patch"])
      expect(repeated.filter((operation) => operation.includes(word))).toEqual([])
  })

  test("lets an old answer serve for introspection alone", () => {
    expect(allOperations.filter((operation) => onOutage[classOf(operation)].stale)).toEqual(["introspect"])
  })
})
