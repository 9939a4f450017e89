import { testAuth } from "@latchkey/testing"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { createAuth, type Fleet, type Health } from "latchkey"
import { make, type Transport, type TransportRequest } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { allOperations } from "../../src/ports/operations.ts"
import { memoryFleet } from "../fleet/memory-fleet.ts"
import { noReply, reportingFleet } from "../fleet/unreachable-fleet.ts"
import {
  active,
  down,
  inactive,
  openScoped,
  provider,
  run,
  runToEnd,
  type ScriptedResponse,
  settings,
  settle,
  start,
  vendor,
} from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"

const { issuer } = settings
const probe = { probe: true } as const
const live = { freshness: "live" } as const

const isProbe = ({ method }: TransportRequest) => method === "GET"

/** A vendor whose metadata document and introspection endpoint respond as given. */
const vendorWith = (document: () => ScriptedResponse, introspection: () => ScriptedResponse = () => inactive) =>
  vendor((request) => (isProbe(request) ? document() : introspection()))

const found = Effect.succeed(json({ issuer }))
const missing = Effect.succeed(json({}, 404))
const broken = Effect.succeed(json({}, 503))

/** Fails so many calls that latchkey asks the origin itself, and opens its circuit. */
const openCircuit = (auth: {
  readonly introspect: (token: string, options: typeof live) => Effect.Effect<unknown, unknown>
}) =>
  Effect.forEach(Array.from({ length: 6 }), () => Effect.exit(auth.introspect("token", live))).pipe(
    Effect.andThen(settle),
  )

describe("the status", () => {
  test.each([
    ["a document", found, "up"],
    ["no such document", missing, "up"],
    ["an error of the server", broken, "down"],
    ["no response", down, "down"],
    ["an exception of the transport", Effect.die(new Error("broken")), "down"],
  ] as const)("of a vendor that answers with %s is right", async (_what, response, status) => {
    const report = await run(Effect.flatMap(openScoped(vendorWith(() => response)), (auth) => auth.health()))
    expect(report.status).toBe(status)
    expect(report).toMatchObject({ provider: "oidc", issuer, origins: [{ origin: issuer, answers: status === "up" }] })
  })

  test("is degraded while an origin fails at which no token is judged", async () => {
    const tokens = "https://tokens.example"
    const transport = vendor(({ url }) => (url.startsWith(tokens) ? down : found))
    const endpoints = { ...settings.endpoints, tokenEndpoint: `${tokens}/token` }
    const report = await run(Effect.flatMap(openScoped(transport, { endpoints }), (auth) => auth.health()))
    expect(report.status).toBe("degraded")
    expect(report.origins.map(({ origin, answers }) => [origin, answers])).toEqual([
      [issuer, true],
      [tokens, false],
    ])
  })

  test("is down while the circuit is open, also if the metadata document is there", async () => {
    const transport = vendorWith(
      () => found,
      () => broken,
    )
    const program = Effect.gen(function* () {
      const auth = yield* openScoped(transport, { retry: false })
      yield* openCircuit(auth)
      const opened = yield* auth.health()
      transport.respond = (request) => (isProbe(request) ? found : inactive)
      yield* TestClock.adjust("2 seconds")
      return [opened, yield* auth.health()] as const
    })
    const [opened, closed] = await run(program)
    expect(opened.status).toBe("down")
    expect(opened.origins[0]).toMatchObject({
      answers: true,
      circuit: { state: "open", since: new Date(start), asksAgainAt: new Date(start + 1000) },
    })
    expect(closed.status).toBe("up")
    expect(closed.origins[0]?.circuit).toEqual({ state: "closed", since: new Date(start + 1000) })
  })

  test("names a circuit that is turned off", async () => {
    const opened = openScoped(
      vendorWith(() => found),
      { circuitBreaker: false },
    )
    expect((await run(Effect.flatMap(opened, (auth) => auth.health()))).origins[0]?.circuit).toEqual({ state: "off" })
  })
})

describe("the store of a fleet", () => {
  const openWith = (fleet: Fleet) =>
    make(oidc({ ...settings, log: () => undefined }, { transport: vendorWith(() => found), fleet }))

  test("is asked with the origins: at most once in five seconds, unless with probe: true", async () => {
    const fleet = memoryFleet()
    let asked = 0
    const counted: Fleet = {
      ...fleet,
      revision: () => {
        asked += 1
        return fleet.revision()
      },
    }
    const program = Effect.gen(function* () {
      const auth = yield* openWith(counted)
      for (let second = 0; second < 10; second++) {
        expect((yield* auth.health()).fleet?.answers).toBe(true)
        yield* TestClock.adjust("1 second")
      }
      const before = asked
      yield* auth.health(probe)
      return [before, asked]
    })
    expect(await run(program)).toEqual([2, 3])
  })

  test("does not change the status when it does not answer, and is named with its failure", async () => {
    const { fleet, report } = reportingFleet()
    const program = Effect.gen(function* () {
      const auth = yield* openWith(fleet)
      const early = yield* auth.health()
      report(noReply)
      return [early, yield* auth.health(probe)]
    })
    const silent = { answers: false, checkedAt: new Date(start) }
    const reports = await run(program)
    expect(reports.map(({ status }) => status)).toEqual(["up", "up"])
    expect(reports.map(({ fleet }) => fleet)).toEqual([
      silent,
      { ...silent, since: new Date(noReply.since), detail: noReply.detail },
    ])
  })

  test("is absent without a fleet", async () => {
    await using auth = createAuth(provider(vendorWith(() => found)))
    expect(await auth.health()).not.toHaveProperty("fleet")
  })

  test("has no listener of a client that was closed", async () => {
    const { fleet, listeners } = reportingFleet()
    const auth = createAuth(oidc(settings, { transport: vendorWith(() => found), fleet }))
    await auth.health()
    expect(listeners.size).toBe(1)
    await auth.close()
    expect(listeners.size).toBe(0)
  })
})

describe("the requests", () => {
  test("of ten callers a second are one every five seconds", async () => {
    const transport = vendorWith(() => down)
    const program = Effect.gen(function* () {
      const auth = yield* openScoped(transport)
      for (let tenth = 0; tenth < 600; tenth++) {
        yield* auth.health()
        yield* TestClock.adjust("100 millis")
      }
    })
    await run(program)
    expect(transport.requests).toHaveLength(12)
  })

  test("are made at once with probe: true, one for all concurrent callers", async () => {
    const transport = vendorWith(() => Effect.andThen(Effect.yieldNow, found))
    const program = Effect.gen(function* () {
      const auth = yield* openScoped(transport)
      yield* auth.health()
      yield* auth.health(probe)
      const before = transport.requests.length
      yield* Effect.all([auth.health(probe), auth.health(probe), auth.health()], { concurrency: "unbounded" })
      return [before, transport.requests.length]
    })
    expect(await run(program)).toEqual([2, 3])
  })

  test("hold no credential", async () => {
    const transport = vendorWith(() => found)
    await run(Effect.flatMap(openScoped(transport), (auth) => auth.health()))
    const [request] = transport.requests
    expect(request).toMatchObject({ method: "GET", url: `${issuer}/.well-known/openid-configuration` })
    expect(request?.body).toBeUndefined()
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual(["accept", "user-agent"])
  })

  test("that hang end after two seconds", async () => {
    const program = Effect.gen(function* () {
      const auth = yield* openScoped(vendorWith(() => Effect.never))
      const fiber = yield* Effect.forkChild(auth.health(), { startImmediately: true })
      yield* TestClock.adjust("1999 millis")
      const early = fiber.pollUnsafe()
      yield* TestClock.adjust("1 millis")
      yield* settle
      expect(fiber.pollUnsafe()).toBeDefined()
      return [early, yield* runToEnd(fiber)] as const
    })
    const [early, report] = await run(program)
    expect(early).toBeUndefined()
    expect(report).toMatchObject({ status: "down", origins: [{ detail: "no response within 2000 ms" }] })
  })

  test("that fail open no circuit, and the log gets no event", async () => {
    const events: Array<unknown> = []
    const transport = vendorWith(
      () => down,
      () => active(),
    )
    const program = Effect.gen(function* () {
      const auth = yield* openScoped(transport, { log: (event) => events.push(event) })
      for (let n = 0; n < 50; n++) yield* auth.health(probe)
      yield* settle
      return [yield* auth.health(), yield* auth.introspect("token")] as const
    })
    const [report, state] = await run(program)
    expect(report.origins[0]?.circuit).toEqual({ state: "closed" })
    expect(state).toMatchObject({ active: true })
    expect(events).toEqual([])
  })
})

describe("health", () => {
  test.each<readonly [string, unknown, string]>([
    ["an unknown option", { prob: true }, "prob"],
    ["a text for probe", { probe: "true" }, "true or false"],
    ["a token", "token", "options"],
    ["null", null, "options"],
  ])("with %s is rejected with InvalidRequest", async (_what, options, text) => {
    const transport = vendorWith(() => found)
    await using auth = createAuth(provider(transport))
    await expect(auth.health(options as never)).rejects.toMatchObject({
      operation: "health",
      reason: { _tag: "InvalidRequest", detail: expect.stringContaining(text) },
    })
    expect(transport.requests).toEqual([])
  })

  test("is no operation, and the Promise API has it", async () => {
    await using auth = createAuth(provider(vendorWith(() => found) satisfies Transport))
    const report: Health = await auth.health()
    expect(report.status).toBe("up")
    expect([...auth.can]).not.toContain("health")
    expect(allOperations).not.toContain("health")
  })

  test("of a client whose tokens the test gives is up, without a request", async () => {
    expect(await testAuth().health()).toEqual({ status: "up", provider: "test", origins: [], keys: [] })
  })

  test("can be written to a response as JSON, without a secret", async () => {
    await using auth = createAuth(provider(vendorWith(() => down)))
    const text = JSON.stringify(await auth.health())
    expect(JSON.parse(text)).toMatchObject({ status: "down", origins: [{ checkedAt: expect.stringMatching(/^2/) }] })
    expect(text).not.toContain(settings.clientSecret)
  })
})
