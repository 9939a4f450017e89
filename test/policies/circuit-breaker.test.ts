import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { Transport } from "latchkey/effect"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import {
  active,
  down,
  inactive,
  isOwn,
  openScoped,
  run,
  type ScriptedResponse,
  settle,
  start,
  type Vendor,
  vendor,
} from "./vendor.ts"

const config = { retry: false, cache: false } as const

type Auth = Effect.Success<ReturnType<typeof openScoped>>

/** The result of one call as text: `active`, or the reason of its failure. */
const outcome = (auth: Auth, token = "token") =>
  Effect.match(auth.introspect(token), {
    onFailure: ({ reason }) => ("detail" in reason ? `${reason._tag}: ${reason.detail}` : reason._tag),
    onSuccess: ({ active }) => String(active),
  })

const circuitOpen = (lastFailure: string) =>
  `Unavailable: circuit open: nothing was sent, because the origin does not answer; last failure: ${lastFailure}`

const times = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.forEach(Array.from({ length: count }), () => effect)

/** Fails often enough for an own request. */
const fiveCalls = (auth: Auth) => Effect.andThen(times(5, outcome(auth)), settle)

/** Starts this many calls for different tokens at once. */
const hanging = (auth: Auth, count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => `hangs-${index}`),
    (token) => Effect.forkChild(outcome(auth, token), { startImmediately: true }),
  )

const ownRequests = ({ requests }: Vendor): number => requests.filter(isOwn).length

/** A vendor that answers latchkey's own requests and callers' requests differently. */
const vendorFor = (callers: ScriptedResponse, own: ScriptedResponse): Vendor =>
  vendor((request) => (isOwn(request) ? own : callers))

const status = (code: number): ScriptedResponse => Effect.succeed(json({}, code))

describe("the circuit of an origin", () => {
  test.each<[string, ScriptedResponse, string]>([
    ["a refused connection", down, "connection refused"],
    [
      "a certificate that is not accepted",
      Effect.fail({ _tag: "Unavailable", detail: "TLS failure CERT_HAS_EXPIRED: renew it", permanent: true }),
      "TLS failure CERT_HAS_EXPIRED: renew it",
    ],
    ["a status of 503", status(503), "status 503"],
    ["a status of 408", status(408), "status 408"],
    ["a status of 425", status(425), "status 425"],
    [
      "a web page",
      Effect.succeed({ status: 200, headers: { "content-type": "text/html" }, body: "<html>" }),
      "a web page (status 200)",
    ],
  ])("opens when five calls and an own request failed, and repeats the last failure: %s", async (_, failure, text) => {
    const transport = vendor(() => failure)
    const outcomes = await run(
      Effect.flatMap(openScoped(transport, config), (auth) =>
        Effect.gen(function* () {
          const first = yield* times(5, outcome(auth))
          yield* settle
          return [...first, ...(yield* times(3, outcome(auth)))]
        }),
      ),
    )
    expect(outcomes.slice(0, 5)).not.toContain(circuitOpen(text))
    expect(outcomes.slice(5)).toEqual(Array.from({ length: 3 }, () => circuitOpen(text)))
    expect([transport.requests.length, ownRequests(transport)]).toEqual([6, 1])
  })

  test.each<[string, ScriptedResponse]>([
    ["an OAuth error", Effect.succeed(json({ error: "invalid_client" }, 401))],
    ["too many requests", status(429)],
    ["a missing endpoint", status(404)],
    ["a body that is too large", Effect.fail({ _tag: "UnexpectedResponse", detail: "the body is larger" })],
    ["a request that could not be sent", Effect.fail({ _tag: "InvalidRequest", detail: "a line break" })],
  ])("asks nothing when calls fail without an outage: %s", async (_, response) => {
    const transport = vendor(() => response)
    await run(Effect.flatMap(openScoped(transport, config), (auth) => Effect.andThen(times(20, outcome(auth)), settle)))
    expect([transport.requests.length, ownRequests(transport)]).toEqual([20, 0])
  })

  test.each<[string, ScriptedResponse]>([
    ["200", inactive],
    ["401", status(401)],
    ["400", Effect.succeed(json({ error: "invalid_request" }, 400))],
    ["404", status(404)],
    ["429", status(429)],
  ])("stays closed while an own request is answered, whatever it says: %s", async (_, own) => {
    const transport = vendorFor(down, own)
    const outcomes = await run(
      Effect.flatMap(openScoped(transport, config), (auth) =>
        times(100, Effect.andThen(TestClock.adjust("50 millis"), outcome(auth))),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set(["Unavailable: connection refused"]))
    expect(ownRequests(transport)).toBeGreaterThan(0)
  })

  test("sends at most one own request a second, however many calls fail", async () => {
    const transport = vendorFor(down, inactive)
    await run(
      Effect.flatMap(openScoped(transport, config), (auth) =>
        times(500, Effect.andThen(TestClock.adjust("10 millis"), outcome(auth))),
      ),
    )
    expect(ownRequests(transport)).toBe(5)
  })

  test("asks nothing while less than half of the calls fail", async () => {
    const transport: Vendor = vendor(() => (transport.requests.length % 5 < 3 ? active() : down))
    await run(Effect.flatMap(openScoped(transport, config), (auth) => times(100, outcome(auth))))
    expect(ownRequests(transport)).toBe(0)
  })

  test("asks nothing when calls that failed more than ten seconds ago would be the fifth", async () => {
    const transport = vendor(() => down)
    await run(
      Effect.flatMap(openScoped(transport, config), (auth) =>
        times(20, Effect.andThen(TestClock.adjust("3 seconds"), outcome(auth))),
      ),
    )
    expect(ownRequests(transport)).toBe(0)
  })

  test("counts the repeats of one call once", async () => {
    const transport = vendor(() => down)
    await run(
      Effect.flatMap(
        openScoped(transport, { cache: false, retry: { attempts: 10, baseDelay: "1 millis", maxDelay: "1 millis" } }),
        (auth) =>
          Effect.gen(function* () {
            for (let call = 0; call < 4; call++) {
              const fiber = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
              for (let step = 0; step < 50; step++) yield* TestClock.adjust("1 millis")
              yield* Fiber.join(fiber)
            }
          }),
      ),
    )
    expect(transport.requests.length).toBeGreaterThan(10)
    expect(ownRequests(transport)).toBe(0)
  })

  test("does not repeat a call that an open circuit stopped", async () => {
    const transport = vendor(() => down)
    const last = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, { cache: false, singleFlight: false })
        yield* times(5, Effect.forkChild(outcome(auth), { startImmediately: true }))
        yield* settle
        yield* settle
        return yield* outcome(auth)
      }),
    )
    expect(last).toBe(circuitOpen("connection refused"))
  })

  test("says in retryAfter when the response to its next own request is there", async () => {
    const error = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(
          vendor(() => down),
          config,
        )
        yield* fiveCalls(auth)
        return yield* Effect.flip(auth.introspect("token"))
      }),
    )
    expect(error.retryAfter).toMatchObject({ value: { millis: 1250 } })
  })

  test("closes within a second of the origin's recovery, by an own request and never by a caller's", async () => {
    const transport = vendor(() => down)
    const { refused, sent, afterwards } = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        const before = transport.requests.length
        yield* TestClock.adjust("400 millis")
        transport.respond = () => active()
        const refused = yield* times(64, outcome(auth))
        const sent = transport.requests.length - before
        yield* TestClock.adjust("600 millis")
        return { refused, sent, afterwards: yield* times(64, outcome(auth)) }
      }),
    )
    expect(new Set(refused)).toEqual(new Set([circuitOpen("connection refused")]))
    expect(sent).toBe(0)
    expect(new Set(afterwards)).toEqual(new Set(["true"]))
  })

  test("is closed by an own request that takes longer than a second", async () => {
    const transport = vendor(() => down)
    const last = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        transport.respond = () => Effect.delay(active(), "1500 millis")
        yield* TestClock.adjust("2500 millis")
        const fiber = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
        yield* TestClock.adjust("2 seconds")
        return yield* Fiber.join(fiber)
      }),
    )
    expect(last).toBe("true")
  })

  test("does not open again for an own request that hung while a later one was answered", async () => {
    const transport = vendor(() => down)
    const outcomes = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        transport.respond = () => Effect.delay(down, "5 seconds")
        yield* TestClock.adjust("1 seconds")
        transport.respond = () => active()
        yield* TestClock.adjust("1 seconds")
        return yield* times(10, Effect.andThen(TestClock.adjust("1 second"), outcome(auth)))
      }),
    )
    expect(new Set(outcomes)).toEqual(new Set(["true"]))
  })

  test("does not open again for an own request that was sent before it closed, ten seconds after the last call", async () => {
    const transport = vendor(() => down)
    const outcomes = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        const refused = yield* outcome(auth)
        transport.respond = (request) => (isOwn(request) ? Effect.delay(down, "12 seconds") : active())
        // The circuit closes after ten seconds; the first own request that hangs ends after thirteen.
        yield* TestClock.adjust("11 seconds")
        yield* TestClock.adjust("2500 millis")
        return [refused, yield* outcome(auth)]
      }),
    )
    expect(outcomes).toEqual([circuitOpen("connection refused"), "true"])
  })

  test("counts no call from before an own request was answered", async () => {
    const transport = vendorFor(down, inactive)
    const asked = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        transport.respond = () => active()
        yield* TestClock.adjust("2 seconds")
        yield* Effect.andThen(outcome(auth), settle)
        return ownRequests(transport)
      }),
    )
    expect(asked).toBe(1)
  })

  test("sends one own request a second while it is open, and stops ten seconds after the last call", async () => {
    const transport = vendor(() => down)
    const [asked, afterAMinute, called] = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        yield* times(20, Effect.andThen(TestClock.adjust("1 second"), outcome(auth)))
        const asked = ownRequests(transport)
        yield* TestClock.adjust("1 minute")
        const afterAMinute = ownRequests(transport)
        transport.respond = () => active()
        return [asked, afterAMinute, yield* outcome(auth)]
      }),
    )
    expect(asked).toBe(21)
    expect(afterAMinute).toBe(31)
    // Nothing is known any more about the origin, so the call is sent.
    expect(called).toBe("true")
  })

  test("ends its own requests when the scope closes", async () => {
    const transport = vendor(() => down)
    const before = await run(
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const auth = yield* Scope.provide(openScoped(transport, config), scope)
        yield* fiveCalls(auth)
        yield* Scope.close(scope, Exit.void)
        const before = transport.requests.length
        yield* TestClock.adjust("10 seconds")
        return before
      }),
    )
    expect(transport.requests.length).toBe(before)
  })

  test("counts a call whose caller gave up after half a second, and none whose caller gave up before", async () => {
    const asked = (millis: number) =>
      run(
        Effect.gen(function* () {
          const transport = vendor(() => Effect.never)
          const auth = yield* openScoped(transport, config)
          const fibers = yield* hanging(auth, 5)
          yield* settle
          yield* TestClock.adjust(`${millis} millis`)
          yield* Fiber.interruptAll(fibers)
          yield* settle
          return ownRequests(transport)
        }),
      )
    expect(await asked(499)).toBe(0)
    expect(await asked(500)).toBe(1)
  })

  test("opens for a vendor that hangs under one call a second once nothing has answered for an attemptTimeout", async () => {
    const transport = vendor(() => Effect.never)
    const outcomes = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, { ...config, attemptTimeout: "5 seconds" })
        const refused: Array<number> = []
        for (let second = 0; second < 12; second++) {
          const fiber = yield* Effect.forkChild(outcome(auth, `token-${second}`), { startImmediately: true })
          if (fiber.pollUnsafe() !== undefined) refused.push(second)
          yield* TestClock.adjust("1 second")
        }
        return refused
      }),
    )
    expect(outcomes).toEqual([6, 7, 8, 9, 10, 11])
  })

  test("stays closed for a vendor that takes a second and a half for each of many calls", async () => {
    const transport = vendor(() => Effect.delay(active(), "1500 millis"))
    const outcomes = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        const fibers: Array<Fiber.Fiber<string>> = []
        for (let tenth = 0; tenth < 100; tenth++) {
          fibers.push(yield* Effect.forkChild(outcome(auth, `token-${tenth}`), { startImmediately: true }))
          yield* TestClock.adjust("100 millis")
        }
        yield* TestClock.adjust("2 seconds")
        return yield* Effect.forEach(fibers, Fiber.join)
      }),
    )
    expect(new Set(outcomes)).toEqual(new Set(["true"]))
  })

  test("is not changed by a defect of a transport", async () => {
    const transport: Transport = {
      send: () => {
        throw new Error("a defect of a custom transport")
      },
    }
    const exits = await run(
      Effect.flatMap(openScoped(transport, config), (auth) => times(20, Effect.exit(auth.introspect("token")))),
    )
    expect(exits.every((exit) => Exit.hasDies(exit))).toBe(true)
  })

  test("sets its gauge in the caller's metric registry, for the issuer and the client", async () => {
    const gauges = Effect.map(Metric.snapshot, (all) => all.filter(({ id }) => id === "latchkey_circuit_open"))
    const found = await run(
      Effect.gen(function* () {
        const failing = yield* openScoped(
          vendor(() => down),
          config,
        )
        const other = yield* openScoped(vendorFor(down, inactive), { ...config, clientId: "other" })
        yield* fiveCalls(failing)
        yield* fiveCalls(other)
        return yield* gauges
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
    )
    expect(found.map(({ attributes, state }) => [attributes, state])).toEqual([
      [
        { provider: "oidc", issuer: "https://id.example", client_id: "service", origin: "https://id.example" },
        { value: 1 },
      ],
    ])
  })

  test("does not affect another origin", async () => {
    const transport = vendor(({ url }) => (url.startsWith("https://id.example") ? down : active()))
    const state = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, {
          ...config,
          endpoints: {
            introspectionEndpoint: "https://other.example/introspect",
            userinfoEndpoint: "https://id.example/userinfo",
          },
        })
        yield* times(10, Effect.flip(auth.userInfo("token")))
        return yield* outcome(auth)
      }),
    )
    expect(state).toBe("true")
  })

  test("asks at once when the clock moves back", async () => {
    const transport = vendor(() => down)
    const state = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport, config)
        yield* fiveCalls(auth)
        transport.respond = () => active()
        yield* TestClock.setTime(start - 3_600_000)
        return yield* outcome(auth)
      }),
    )
    expect(state).toBe("true")
  })

  test("never opens when it is turned off", async () => {
    const transport = vendor(() => down)
    await run(
      Effect.flatMap(openScoped(transport, { ...config, circuitBreaker: false }), (auth) => times(20, outcome(auth))),
    )
    expect(transport.requests.length).toBe(20)
  })
})

describe("latchkey's own request", () => {
  const issuer = "https://id.example"
  const admin = "https://admin.example"

  /** The own request to the origin whose calls fail: every request except that for `except` fails. */
  const asked = async (endpoints: Record<string, string>, call: (auth: Auth) => Effect.Effect<unknown, unknown>) => {
    const transport = vendor(() => down)
    await run(
      Effect.flatMap(openScoped(transport, { ...config, endpoints }), (auth) =>
        Effect.andThen(times(5, Effect.exit(call(auth))), settle),
      ),
    )
    return transport.requests.at(-1)
  }

  test("introspects a random token as the client", async () => {
    const request = await asked({ introspectionEndpoint: `${issuer}/introspect` }, (auth) => auth.introspect("token"))
    expect(request).toMatchObject({
      method: "POST",
      url: `${issuer}/introspect`,
      urgent: true,
      headers: { authorization: `Basic ${btoa("service:a+secret+of+ours")}` },
    })
    expect(request?.body).not.toContain("token=token&")
  })

  test.each([
    [
      "the metadata document where the origin has no introspection",
      `${issuer}/userinfo`,
      {},
      "/.well-known/openid-configuration",
    ],
    ["the keys where it has no metadata document", `${admin}/userinfo`, { jwksUri: `${admin}/keys` }, "/keys"],
    ["the root where it has neither", `${admin}/userinfo`, {}, "/"],
  ])("asks for %s", async (_, userinfoEndpoint, more, path) => {
    const request = await asked(
      { introspectionEndpoint: "https://other.example/introspect", userinfoEndpoint, ...more },
      (auth) => auth.userInfo("token"),
    )
    expect(request).toMatchObject({ method: "GET", url: new URL(userinfoEndpoint).origin + path })
  })

  test("is answered by any page of a root that is no outage", async () => {
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }
    const transport = vendor(({ method }) => (method === "GET" ? Effect.succeed(page) : down))
    await run(
      Effect.flatMap(
        openScoped(transport, {
          ...config,
          endpoints: { introspectionEndpoint: `${issuer}/introspect`, revocationEndpoint: `${admin}/revoke` },
        }),
        (auth) => times(20, Effect.exit(auth.revoke("token"))),
      ),
    )
    expect(transport.requests.length).toBe(21)
  })
})

describe("a vendor that is down for two minutes, under ten calls a second", () => {
  test("gets one request a second, and every call succeeds within a second of its recovery", async () => {
    const transport = vendor(() => down)
    const { during, after } = await run(
      Effect.gen(function* () {
        const auth = yield* openScoped(transport)
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
        yield* calls(0, 1200)
        const during = transport.requests.length
        expect(succeeded).toBe(0)
        transport.respond = () => active()
        yield* calls(1200, 10)
        succeeded = 0
        yield* calls(1210, 100)
        return { during, after: succeeded }
      }),
    )
    expect(during).toBeGreaterThanOrEqual(115)
    // One own request a second, and the first calls with their repeats.
    expect(during).toBeLessThanOrEqual(120 + 3 * 10)
    expect(after).toBe(100)
  })
})

test("callers that wait for a response when the circuit opens get it", async () => {
  const gate = Deferred.makeUnsafe<void>()
  const transport = vendor(() => Effect.andThen(Deferred.await(gate), active()))
  const waiting = await run(
    Effect.gen(function* () {
      const auth = yield* openScoped(transport, { ...config, singleFlight: false })
      const fiber = yield* Effect.forkChild(outcome(auth), { startImmediately: true })
      yield* settle
      transport.respond = () => down
      yield* fiveCalls(auth)
      expect(yield* outcome(auth)).toBe(circuitOpen("connection refused"))
      yield* Deferred.succeed(gate, undefined)
      return yield* Fiber.join(fiber)
    }),
  )
  expect(waiting).toBe("true")
})
