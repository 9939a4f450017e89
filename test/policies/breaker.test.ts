import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { type Answer, active, down, open, run, start, vendor } from "./vendor.ts"

const config = { retry: false, cache: false } as const

/** What came of one call. */
const outcome = (auth: ReturnType<typeof open>, token = "token") =>
  Effect.match(auth.introspect(token), {
    onFailure: ({ reason }) => ("detail" in reason ? `${reason._tag}: ${reason.detail}` : reason._tag),
    onSuccess: ({ active }) => String(active),
  })

const notAsked = "Unavailable: not asked: no answer 5 times in a row"

const times = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.forEach(Array.from({ length: count }), () => effect)

describe("an origin that does not answer", () => {
  test.each<[string, Answer]>([
    ["a refused connection", down],
    ["a status of 503", Effect.succeed(json({}, 503))],
  ])("is not asked any more after five failures: %s", async (_, failure) => {
    const door = vendor(() => failure)
    const auth = open(door, config)
    const outcomes = await run(times(8, outcome(auth)))
    expect(door.asked.length).toBe(5)
    expect(outcomes.slice(5)).toEqual([notAsked, notAsked, notAsked])
  })

  test.each<[string, Answer]>([
    ["a refusal", Effect.succeed(json({ error: "invalid_client" }, 401))],
    ["too many requests", Effect.succeed(json({}, 429))],
    ["rubbish", Effect.succeed({ status: 200, headers: {}, body: "<html>" })],
  ])("is asked again and again when it does answer: %s", async (_, answer) => {
    const door = vendor(() => answer)
    await run(times(20, outcome(open(door, config))))
    expect(door.asked.length).toBe(20)
  })

  test("is asked as long as it answers now and then", async () => {
    const door = vendor(() => (door.asked.length % 5 === 0 ? active() : down))
    await run(times(40, outcome(open(door, config))))
    expect(door.asked.length).toBe(40)
  })

  test("says how long it will be left alone", async () => {
    const auth = open(
      vendor(() => down),
      config,
    )
    const error = await run(
      Effect.gen(function* () {
        yield* times(5, Effect.flip(auth.introspect("token")))
        yield* TestClock.adjust("2 seconds")
        return yield* Effect.flip(auth.introspect("token"))
      }),
    )
    expect(error.retryAfter).toMatchObject({ value: { millis: 3000 } })
  })

  test("is tried by one call when the time is over, and by no other meanwhile", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const door = vendor(() => down)
    const auth = open(door, { ...config, singleFlight: false })
    const [probe, others] = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        door.answer = () => Effect.andThen(Deferred.await(gate), active())
        const probe = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        const others = yield* times(50, outcome(auth))
        yield* Deferred.succeed(gate, undefined)
        return [yield* Fiber.join(probe), others]
      }),
    )
    expect(probe).toBe("true")
    expect(new Set(others)).toEqual(new Set([notAsked]))
    expect(door.asked.length).toBe(6)
  })

  test("is left alone again when the one who tried it failed", async () => {
    const door = vendor(() => down)
    const auth = open(door, config)
    await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        yield* times(10, outcome(auth))
      }),
    )
    expect(door.asked.length).toBe(6)
  })

  test("is tried by the next one when the one who tried it gave up", async () => {
    const door = vendor(() => down)
    const auth = open(door, { ...config, singleFlight: false })
    const last = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        door.answer = () => Effect.never
        const probe = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        yield* Fiber.interrupt(probe)
        door.answer = () => active()
        return yield* outcome(auth)
      }),
    )
    expect(last).toBe("true")
  })

  test("is tried by the next one when the one who tried it has hung for as long as it is left alone", async () => {
    const door = vendor(() => down)
    const auth = open(door, { ...config, singleFlight: false })
    const [early, last] = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        door.answer = () => Effect.never
        yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        door.answer = () => active()
        yield* TestClock.adjust("4999 millis")
        const early = yield* outcome(auth)
        yield* TestClock.adjust("1 millis")
        return [early, yield* outcome(auth)]
      }),
    )
    expect([early, last]).toEqual([notAsked, "true"])
  })

  test("is tried at once when the clock was set back while one tries it", async () => {
    const door = vendor(() => down)
    const auth = open(door, { ...config, singleFlight: false })
    const last = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        door.answer = () => Effect.never
        yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        door.answer = () => active()
        yield* TestClock.setTime(start - 3_600_000)
        return yield* outcome(auth)
      }),
    )
    expect(last).toBe("true")
  })

  test("is told of in the registry of whoever asks", async () => {
    const auth = open(
      vendor(() => down),
      config,
    )
    const gauge = Effect.map(Metric.snapshot, (all) => all.find(({ id }) => id === "latchkey_breaker_open")?.state)
    const told = await run(
      Effect.provideService(Effect.andThen(times(5, outcome(auth)), gauge), Metric.MetricRegistry, new Map()),
    )
    expect(told).toEqual({ value: 1 })
  })

  test("does not keep another origin from being asked", async () => {
    const door = vendor(({ url }) => (url.startsWith("https://id.example") ? down : active()))
    const auth = open(door, {
      ...config,
      endpoints: {
        introspectionEndpoint: "https://other.example/introspect",
        userinfoEndpoint: "https://id.example/userinfo",
      },
    })
    await run(times(10, Effect.flip(auth.userInfo("token"))))
    expect(await run(outcome(auth))).toBe("true")
  })

  test("is tried at once when the clock was set back", async () => {
    const door = vendor(() => down)
    const auth = open(door, config)
    await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.setTime(start - 3_600_000)
        yield* outcome(auth)
      }),
    )
    expect(door.asked.length).toBe(6)
  })

  test("is asked for ever when the breaker is off, and as configured otherwise", async () => {
    const door = vendor(() => down)
    await run(times(20, outcome(open(door, { ...config, breaker: false }))))
    expect(door.asked.length).toBe(20)
    const quick = vendor(() => down)
    await run(times(20, outcome(open(quick, { ...config, breaker: { failures: 2 } }))))
    expect(quick.asked.length).toBe(2)
  })
})

describe("a vendor that is down for an hour, under ten calls a second", () => {
  test("is asked a little, and all calls are answered within one window of its return", async () => {
    const door = vendor(() => down)
    const auth = open(door)
    const { during, window, after } = await run(
      Effect.gen(function* () {
        let answered = 0
        const call = (token: string) =>
          Effect.forkChild(
            Effect.match(auth.introspect(token), {
              onFailure: () => undefined,
              onSuccess: () => {
                answered += 1
              },
            }),
          )
        const calls = (from: number, count: number) =>
          Effect.gen(function* () {
            for (let index = from; index < from + count; index++) {
              yield* call(`token-${index}`)
              yield* TestClock.adjust("100 millis")
            }
          })
        yield* calls(0, 36_000)
        const during = door.asked.length
        expect(answered).toBe(0)
        door.answer = () => active()
        yield* calls(36_000, 50)
        const window = door.asked.length - during
        answered = 0
        yield* calls(36_050, 100)
        return { during, window, after: answered }
      }),
    )
    // One probe each five seconds, and the five failures that opened it: an hour has 720 windows.
    expect(during).toBeGreaterThanOrEqual(700)
    expect(during).toBeLessThanOrEqual(5 + 720)
    // No herd comes back: one request for each call, and those of the three that were waiting to try once more.
    expect(window).toBeLessThanOrEqual(50 + 3 * 2)
    expect(after).toBe(100)
  }, 60_000)
})
