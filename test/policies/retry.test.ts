import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { AuthError } from "latchkey/effect"
import { describe, expect, test } from "vitest"
import { classOf, onOutage } from "../../src/core/policies/call-class.ts"
import { allOperations } from "../../src/ports/operations.ts"
import { json } from "../unit/scripted-transport.ts"
import {
  active,
  down,
  open,
  run,
  runToEnd,
  type ScriptedResponse,
  start,
  tokens,
  type Vendor,
  vendor,
} from "./vendor.ts"

type Auth = ReturnType<typeof open>

/** A vendor that fails `times` requests before it responds. */
const failing = (times: number, response: ScriptedResponse, failure: ScriptedResponse = down): Vendor => {
  const transport = vendor(() => (transport.requests.length <= times ? failure : response))
  return transport
}

/** Runs a call and moves the clock until it ends. */
const runWithWaits = <A>(call: Effect.Effect<A, AuthError>) =>
  run(
    Effect.gen(function* () {
      return yield* runToEnd(yield* Effect.forkChild(Effect.result(call)))
    }),
  )

const introspect = (auth: Auth) => auth.introspect("token", { freshness: "live" })

describe("a failed call", () => {
  test.each([
    ["introspect", active(), introspect],
    ["userInfo", Effect.succeed(json({ sub: "user-1" })), (auth: Auth) => auth.userInfo("token")],
    ["revoke", Effect.succeed({ status: 200, headers: {}, body: "" }), (auth: Auth) => auth.revoke("token")],
    ["clientCredentials", tokens(), (auth: Auth) => auth.clientCredentials()],
    ["metadata.keys", Effect.succeed(json({ keys: [] })), (auth: Auth) => auth.metadata.keys()],
  ] as const)("is repeated when there was no response: %s", async (_, response, call) => {
    const transport = failing(2, response)
    expect(await runWithWaits(call(open(transport)) as Effect.Effect<unknown, AuthError>)).toMatchObject({
      _tag: "Success",
    })
    expect(transport.requests.length).toBe(3)
  })

  test.each([
    ["refresh", (auth: Auth) => auth.refresh("token")],
    ["jwtBearer", (auth: Auth) => auth.jwtBearer("assertion")],
    ["deviceAuthorization", (auth: Auth) => auth.deviceAuthorization()],
    ["exchangeToken", (auth: Auth) => auth.exchangeToken({ subjectToken: "token", subjectTokenType: "access_token" })],
  ] as const)("is not repeated when the vendor may have acted on it: %s", async (_, call) => {
    const transport = failing(1, tokens())
    const auth = open(transport, {
      endpoints: {
        tokenEndpoint: "https://id.example/token",
        deviceAuthorizationEndpoint: "https://id.example/device",
      },
    })
    expect(await runWithWaits(call(auth) as Effect.Effect<unknown, AuthError>)).toMatchObject({ _tag: "Failure" })
    expect(transport.requests.length).toBe(1)
  })

  test("is repeated after one delay step at the earliest, even when Retry-After is 0", async () => {
    const transport = failing(1, active(), Effect.succeed(json({}, 429, { "retry-after": "0" })))
    const auth = open(transport)
    const requestCounts = await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(introspect(auth), { startImmediately: true })
        yield* TestClock.adjust("99 millis")
        const early = transport.requests.length
        yield* TestClock.adjust("101 millis")
        yield* Fiber.join(fiber)
        return [early, transport.requests.length]
      }),
    )
    expect(requestCounts).toEqual([1, 2])
  })

  test("is repeated twice at most, or as often as configured", async () => {
    const transport = failing(99, active())
    await runWithWaits(introspect(open(transport)))
    expect(transport.requests.length).toBe(3)
    const configured = failing(99, active())
    await runWithWaits(introspect(open(configured, { retry: { attempts: 4 }, circuitBreaker: false })))
    expect(configured.requests.length).toBe(5)
  })

  test("is not repeated when retry is off in the call or in the configuration", async () => {
    const transport = failing(1, active())
    await runWithWaits(open(transport).introspect("token", { retry: false, freshness: "live" }))
    expect(transport.requests.length).toBe(1)
    const other = failing(1, active())
    await runWithWaits(introspect(open(other, { retry: false })))
    expect(other.requests.length).toBe(1)
  })

  test.each([400, 401, 403, 404])("is not repeated after a response with status %d", async (status) => {
    const transport = failing(1, active(), Effect.succeed(json({ error: "no" }, status)))
    await runWithWaits(introspect(open(transport)))
    expect(transport.requests.length).toBe(1)
  })
})

describe("the delay before a repeat", () => {
  const requestTimes = (failure: ScriptedResponse, random: number, config = {}) =>
    run(
      Effect.gen(function* () {
        const transport = failing(99, active(), failure)
        const times: Array<number> = []
        const { respond } = transport
        transport.respond = (request) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            times.push(Math.round(now - start))
            return respond(request)
          })
        const fiber = yield* Effect.forkChild(Effect.result(introspect(open(transport, config))))
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        return times
      }).pipe(Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => random })),
    )

  test("is random, at most 100 ms and then 200 ms", async () => {
    expect(await requestTimes(down, 0.999)).toEqual([0, 100, 300])
    expect(await requestTimes(down, 0.5)).toEqual([0, 50, 150])
  })

  test("is the wait that the vendor requires plus the random delay", async () => {
    const busy = Effect.succeed(json({}, 429, { "retry-after": "1" }))
    expect(await requestTimes(busy, 0.999)).toEqual([0, 1100, 2300])
  })

  test("has a limit: the call fails at once when the vendor requires more than two seconds", async () => {
    const busy = Effect.succeed(json({}, 503, { "retry-after": "3" }))
    expect(await requestTimes(busy, 0.5)).toEqual([0])
    expect(await requestTimes(busy, 0, { retry: { maxDelay: "3 seconds" } })).toEqual([0, 3000, 6000])
  })
})

describe("calls in an outage", () => {
  test("share a budget of repeats: a tenth of the calls plus ten", async () => {
    const transport = failing(Number.POSITIVE_INFINITY, active())
    const auth = open(transport, { circuitBreaker: false })
    await run(
      Effect.gen(function* () {
        for (let index = 0; index < 200; index++) {
          const fiber = yield* Effect.forkChild(Effect.result(introspect(auth)))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
        }
      }),
    )
    expect(transport.requests.length).toBeGreaterThanOrEqual(200 + 20)
    expect(transport.requests.length).toBeLessThanOrEqual(200 + 20 + 10)
  })
})

describe("the outage policy of the operations", () => {
  test("allows no repeat of an operation that creates or uses up something", () => {
    const repeatable = allOperations.filter((operation) => onOutage[classOf(operation)].retry)
    for (const word of ["create", "register", "exchange", "refresh", "rotate", "accept", "reject", "remove", "patch"])
      expect(repeatable.filter((operation) => operation.includes(word))).toEqual([])
  })

  test("allows stale results for introspection only", () => {
    expect(allOperations.filter((operation) => onOutage[classOf(operation)].stale)).toEqual(["introspect"])
  })
})
