import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { active, down, open, run, type ScriptedResponse, start, vendor } from "./vendor.ts"

const config = { retry: false, cache: false } as const

/** The result of one call as text: `active`, or the reason of its failure. */
const outcome = (auth: ReturnType<typeof open>, token = "token") =>
  Effect.match(auth.introspect(token), {
    onFailure: ({ reason }) => ("detail" in reason ? `${reason._tag}: ${reason.detail}` : reason._tag),
    onSuccess: ({ active }) => String(active),
  })

const circuitOpen = "Unavailable: circuit open after 5 failures in a row"
const refused = `${circuitOpen}; last failure: connection refused`

/** A failure that an operator must mend. */
const expired: ScriptedResponse = Effect.fail({
  _tag: "Unavailable",
  detail: "TLS failure CERT_HAS_EXPIRED: renew it",
  permanent: true,
})

const times = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.forEach(Array.from({ length: count }), () => effect)

describe("the circuit breaker of an origin", () => {
  test.each<[string, ScriptedResponse, string]>([
    ["a refused connection", down, "connection refused"],
    ["a status of 503", Effect.succeed(json({}, 503)), "HTTP 503"],
    ["a status of 408", Effect.succeed(json({}, 408)), "HTTP 408"],
    ["a status of 425", Effect.succeed(json({}, 425)), "HTTP 425"],
    ["a certificate that is not accepted", expired, "TLS failure CERT_HAS_EXPIRED: renew it"],
  ])("opens after five failures, and repeats the last one: %s", async (_, failure, cause) => {
    const transport = vendor(() => failure)
    const auth = open(transport, config)
    const outcomes = await run(times(8, outcome(auth)))
    expect(transport.requests.length).toBe(5)
    expect(outcomes.slice(5)).toEqual(Array.from({ length: 3 }, () => `${circuitOpen}; last failure: ${cause}`))
  })

  test.each<[string, ScriptedResponse]>([
    ["an OAuth error", Effect.succeed(json({ error: "invalid_client" }, 401))],
    ["too many requests", Effect.succeed(json({}, 429))],
    ["an HTML page", Effect.succeed({ status: 200, headers: {}, body: "<html>" })],
  ])("stays closed when the origin responds: %s", async (_, response) => {
    const transport = vendor(() => response)
    await run(times(20, outcome(open(transport, config))))
    expect(transport.requests.length).toBe(20)
  })

  test("stays closed when one request in five gets a response", async () => {
    const transport = vendor(() => (transport.requests.length % 5 === 0 ? active() : down))
    await run(times(40, outcome(open(transport, config))))
    expect(transport.requests.length).toBe(40)
  })

  test("reports in retryAfter how long it stays open", async () => {
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

  test("lets one call probe when the open time is over, and fails the others meanwhile", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const transport = vendor(() => down)
    const auth = open(transport, { ...config, singleFlight: false })
    const [probe, others] = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        transport.respond = () => Effect.andThen(Deferred.await(gate), active())
        const probe = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        const others = yield* times(50, outcome(auth))
        yield* Deferred.succeed(gate, undefined)
        return [yield* Fiber.join(probe), others]
      }),
    )
    expect(probe).toBe("true")
    expect(new Set(others)).toEqual(new Set([refused]))
    expect(transport.requests.length).toBe(6)
  })

  test("opens again when the probe fails", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, config)
    await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        yield* times(10, outcome(auth))
      }),
    )
    expect(transport.requests.length).toBe(6)
  })

  test("lets the next call probe when the probing caller aborts", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, { ...config, singleFlight: false })
    const last = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        transport.respond = () => Effect.never
        const probe = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        yield* Fiber.interrupt(probe)
        transport.respond = () => active()
        return yield* outcome(auth)
      }),
    )
    expect(last).toBe("true")
  })

  test("lets the next call probe when the probe hangs for as long as the circuit stays open", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, { ...config, singleFlight: false })
    const [early, last] = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        transport.respond = () => Effect.never
        yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        transport.respond = () => active()
        yield* TestClock.adjust("4999 millis")
        const early = yield* outcome(auth)
        yield* TestClock.adjust("1 millis")
        return [early, yield* outcome(auth)]
      }),
    )
    expect([early, last]).toEqual([refused, "true"])
  })

  test("lets the next call probe at once when the clock moves back during a probe", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, { ...config, singleFlight: false })
    const last = await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.adjust("5 seconds")
        transport.respond = () => Effect.never
        yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        transport.respond = () => active()
        yield* TestClock.setTime(start - 3_600_000)
        return yield* outcome(auth)
      }),
    )
    expect(last).toBe("true")
  })

  test("sets its gauge in the caller's metric registry", async () => {
    const auth = open(
      vendor(() => down),
      config,
    )
    const gauge = Effect.map(Metric.snapshot, (all) => all.find(({ id }) => id === "latchkey_circuit_open")?.state)
    const state = await run(
      Effect.provideService(Effect.andThen(times(5, outcome(auth)), gauge), Metric.MetricRegistry, new Map()),
    )
    expect(state).toEqual({ value: 1 })
  })

  test("does not affect another origin", async () => {
    const transport = vendor(({ url }) => (url.startsWith("https://id.example") ? down : active()))
    const auth = open(transport, {
      ...config,
      endpoints: {
        introspectionEndpoint: "https://other.example/introspect",
        userinfoEndpoint: "https://id.example/userinfo",
      },
    })
    await run(times(10, Effect.flip(auth.userInfo("token"))))
    expect(await run(outcome(auth))).toBe("true")
  })

  test("lets a call probe at once when the clock moves back", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, config)
    await run(
      Effect.gen(function* () {
        yield* times(5, outcome(auth))
        yield* TestClock.setTime(start - 3_600_000)
        yield* outcome(auth)
      }),
    )
    expect(transport.requests.length).toBe(6)
  })

  test("never opens when it is turned off, and opens after the configured number of failures", async () => {
    const transport = vendor(() => down)
    await run(times(20, outcome(open(transport, { ...config, circuitBreaker: false }))))
    expect(transport.requests.length).toBe(20)
    const configured = vendor(() => down)
    await run(times(20, outcome(open(configured, { ...config, circuitBreaker: { failures: 2 } }))))
    expect(configured.requests.length).toBe(2)
  })
})

describe("a vendor that is down for an hour, under ten calls a second", () => {
  test("gets few requests, and every call succeeds within one open time of its recovery", async () => {
    const transport = vendor(() => down)
    const auth = open(transport)
    const { during, window, after } = await run(
      Effect.gen(function* () {
        let succeeded = 0
        const call = (token: string) =>
          Effect.forkChild(
            Effect.match(auth.introspect(token), {
              onFailure: () => undefined,
              onSuccess: () => {
                succeeded += 1
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
        const during = transport.requests.length
        expect(succeeded).toBe(0)
        transport.respond = () => active()
        yield* calls(36_000, 50)
        const window = transport.requests.length - during
        succeeded = 0
        yield* calls(36_050, 100)
        return { during, window, after: succeeded }
      }),
    )
    // One probe per five seconds, 720 in an hour, and the five failures that opened the circuit.
    expect(during).toBeGreaterThanOrEqual(700)
    expect(during).toBeLessThanOrEqual(5 + 720)
    // One request for each call, and the repeats of the three calls that were waiting.
    expect(window).toBeLessThanOrEqual(50 + 3 * 2)
    expect(after).toBe(100)
  }, 60_000)
})
