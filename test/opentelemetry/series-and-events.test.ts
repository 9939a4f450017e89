import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { createAuth, type LogEvent, type Telemetry } from "latchkey"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { openTelemetry } from "latchkey/opentelemetry"
import { describe, expect, test } from "vitest"
import { instruments } from "../../src/internal/instruments.ts"
import { noReply, reportingFleet } from "../fleet/unreachable-fleet.ts"
import { active, down, isOwn, provider, settings, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { makeSdks } from "./exported.ts"

const { issuer, clientId } = settings
const live = { freshness: "live" } as const
const names = Object.keys(instruments).sort()

/** A vendor that rejects the first of two secrets, calls one token a refresh token, and does not answer for `down`. */
const makeVendor = (): Vendor => {
  const transport: Vendor = vendor((request) => {
    const { authorization = "" } = request.headers
    if (isOwn(request)) return down
    const [, password = ""] = atob(authorization.slice("Basic ".length)).split(":")
    if (password === "first") return Effect.succeed(json({ error: "invalid_client" }, 401))
    if (request.body?.includes("token=down") === true) return down
    return active(request.body?.includes("token=refresh") === true ? { token_use: "refresh_token" } : {})
  })
  return transport
}

const changes = { clientSecret: ["first", "second"], retry: false } as const

/** Calls that use every instrument. */
const calls: ReadonlyArray<readonly [token: string, options?: typeof live]> = [
  ["good"],
  ["good"],
  ["refresh"],
  ...Array.from({ length: 6 }, () => ["down", live] as const),
]

/** Lets latchkey's own request end, which opens the circuit. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

const callAll = async (introspect: (...call: (typeof calls)[number]) => Promise<unknown>) => {
  for (const call of calls) await introspect(...call).catch(() => undefined)
  await pause()
}

const withTelemetry = (transport: Vendor, telemetry: Telemetry) =>
  createAuth(provider(transport, changes), { telemetry })

/** A provider whose fleet reports an outage when the test says so. */
const withFleet = (more: Partial<Parameters<typeof oidc>[0]> = {}) => {
  const { fleet, report } = reportingFleet()
  return { made: oidc({ ...settings, ...changes, ...more }, { transport: makeVendor(), fleet }), report }
}

describe("the metrics of the Promise API", () => {
  test("are those of the Effect API: instruments, attributes and counts", async () => {
    await using sdks = makeSdks()
    const { made, report } = withFleet()
    await using auth = createAuth(made, { telemetry: openTelemetry({ meterProvider: sdks.meterProvider }) })
    await callAll((token, options) => auth.introspect(token, options))
    report(noReply)
    const registry = new Map()
    const inEffect = Effect.gen(function* () {
      const { made, report } = withFleet({ log: () => undefined })
      const effects = yield* make(made)
      report(noReply)
      const context = yield* Effect.context<never>()
      yield* Effect.promise(() =>
        callAll((token, options) => Effect.runPromiseWith(context)(effects.introspect(token, options))),
      )
      return yield* Metric.snapshot
    })
    const snapshot = await Effect.runPromise(
      Effect.provideService(Effect.scoped(inEffect), Metric.MetricRegistry, registry),
    )
    const expected = snapshot.map(({ id, attributes, state }) => {
      const { time_unit: _unit, ...rest } = (attributes ?? {}) as Readonly<Record<string, string>>
      return [id, rest, Number("count" in state ? state.count : "value" in state ? state.value : Number.NaN)]
    })
    const found = (await sdks.series()).map(({ name, attributes, value }) => [name, attributes, value])
    const sorted = (all: ReadonlyArray<ReadonlyArray<unknown>>) =>
      all.map((each) => JSON.stringify(each, keysInOrder)).sort()
    // The Promise API returns the second answer about `good` without a call.
    const timed = (each: string) => !each.includes('"success"')
    expect(sorted(found).filter(timed)).toEqual(sorted(expected).filter(timed))
    expect(new Set(found.map(([name]) => name))).toEqual(new Set(names))
  })

  test("name issuer and client in each series, and nothing that a caller chooses", async () => {
    await using sdks = makeSdks()
    await using auth = withTelemetry(makeVendor(), openTelemetry({ meterProvider: sdks.meterProvider }))
    await callAll((token, options) => auth.introspect(token, options))
    const series = await sdks.series()
    for (const { attributes } of series)
      expect(attributes).toMatchObject({ provider: "oidc", issuer, client_id: clientId })
    const before = series.length
    for (let n = 0; n < 50; n++) await auth.introspect(`refresh-${n}`).catch(() => undefined)
    expect(await sdks.series()).toHaveLength(before)
    expect(JSON.stringify(series)).not.toMatch(/user-1|good|refresh/)
  })

  test("have the unit and the description of the instrument", async () => {
    await using sdks = makeSdks()
    await using auth = withTelemetry(makeVendor(), openTelemetry({ meterProvider: sdks.meterProvider }))
    await auth.introspect("good")
    const [duration] = (await sdks.series()).filter(({ name }) => name === "latchkey_call_duration")
    expect(duration).toMatchObject({ unit: "ms", value: 1 })
  })

  test("of two clients stay apart", async () => {
    await using first = makeSdks()
    await using second = makeSdks()
    await using auth = withTelemetry(makeVendor(), openTelemetry({ meterProvider: first.meterProvider }))
    await using other = withTelemetry(makeVendor(), openTelemetry({ meterProvider: second.meterProvider }))
    await auth.introspect("good")
    expect(await second.series()).toEqual([])
    await other.introspect("good")
    expect((await second.series()).length).toBeGreaterThan(0)
  })
})

describe("an event of the log", () => {
  test("is an event of the call's span, and a log record with the trace of the call", async () => {
    await using sdks = makeSdks()
    const { tracerProvider, logger } = sdks
    const events: Array<LogEvent> = []
    await using auth = createAuth(provider(makeVendor(), { ...changes, log: (event) => events.push(event) }), {
      telemetry: openTelemetry({ tracerProvider, logger }),
    })
    await auth.introspect("refresh")
    const [span] = sdks.spans()
    expect(span?.events.map(({ name }) => name)).toEqual(["latchkey.TokenRejected", "latchkey.SecretFellBack"])
    const [rejected, fellBack] = sdks.records()
    expect(rejected).toMatchObject({
      ...{ eventName: "latchkey.TokenRejected", severityText: "INFO", body: "latchkey: token rejected" },
      attributes: { "latchkey.provider": "oidc", "latchkey.check": "rejected" },
    })
    expect(fellBack).toMatchObject({ severityText: "WARN", attributes: { "latchkey.secret": 1 } })
    expect(rejected?.spanContext).toMatchObject({ spanId: span?.spanContext().spanId })
    expect(events.map(({ _tag }) => _tag)).toEqual(["TokenRejected", "SecretFellBack"])
  })

  test("of the background, such as a circuit that opens, is a log record", async () => {
    await using sdks = makeSdks()
    await using auth = withTelemetry(makeVendor(), openTelemetry({ logger: sdks.logger }))
    await callAll((token, options) => auth.introspect(token, options))
    const opened = sdks.records().find(({ eventName }) => eventName === "latchkey.CircuitOpened")
    expect(opened).toMatchObject({
      severityText: "WARN",
      attributes: { "latchkey.origin": issuer, "latchkey.detail": "connection refused" },
    })
  })
})

describe("an outage of the fleet", () => {
  test("is a warning, and 1 in a gauge until the fleet answers again", async () => {
    await using sdks = makeSdks()
    const { made, report } = withFleet()
    const { meterProvider, logger } = sdks
    await using auth = createAuth(made, { telemetry: openTelemetry({ meterProvider, logger }) })
    await auth.introspect("good")
    const gauge = async () =>
      (await sdks.series()).filter(({ name }) => name === "latchkey_fleet_unavailable").map(({ value }) => value)
    expect(await gauge()).toEqual([])
    report(noReply)
    expect(await gauge()).toEqual([1])
    report(undefined)
    expect(await gauge()).toEqual([0])
    expect(sdks.records().filter(({ eventName }) => eventName?.startsWith("latchkey.Fleet"))).toMatchObject([
      {
        ...{ eventName: "latchkey.FleetUnavailable", severityText: "WARN" },
        attributes: { "latchkey.provider": "oidc", "latchkey.detail": noReply.detail },
      },
      { eventName: "latchkey.FleetAvailable", severityText: "INFO" },
    ])
  })
})

describe("telemetry", () => {
  test("that throws changes no call", async () => {
    const fail = () => {
      throw new Error("the telemetry is broken")
    }
    const { tracer } = openTelemetry()
    for (const seriesOf of [fail, () => fail]) {
      await using auth = withTelemetry(makeVendor(), { tracer, seriesOf, emit: fail })
      expect(await auth.introspect("good")).toMatchObject({ active: true })
      expect(await auth.introspect("good")).toMatchObject({ active: true })
      expect(await auth.introspect("refresh")).toEqual({ active: false })
    }
  })

  test.each<readonly [string, () => unknown, string]>([
    ["an unknown option", () => openTelemetry({ tracers: 1 } as object), "tracers"],
    ["a tracer for a tracer provider", () => openTelemetry({ tracerProvider: {} as never }), "tracerProvider"],
    ["a function for a logger", () => openTelemetry({ logger: (() => undefined) as never }), "logger"],
    ["true as the telemetry", () => createAuth(provider(makeVendor()), { telemetry: true as never }), "telemetry"],
    [
      "the function openTelemetry itself",
      () => createAuth({ provider: "oidc", ...settings }, { telemetry: openTelemetry as never }),
      "telemetry",
    ],
    [
      "an option of the adapter beside a provider",
      () => createAuth(provider(makeVendor()), { transport: makeVendor() } as object),
      "transport",
    ],
  ])("with %s is rejected with InvalidConfig, which names the option", (_what, call, path) => {
    expect(call).toThrow(
      expect.objectContaining({
        _tag: "AuthError",
        reason: expect.objectContaining({ _tag: "InvalidConfig", issues: [expect.objectContaining({ path })] }),
      }),
    )
  })

  test("is an option beside a configuration too", async () => {
    await using sdks = makeSdks()
    const telemetry = openTelemetry({ tracerProvider: sdks.tracerProvider })
    const config = { provider: "oidc", ...settings } as const
    await using auth = createAuth(config, { transport: vendor(() => active()), telemetry })
    await auth.introspect("good")
    expect(sdks.spans()).toHaveLength(1)
  })
})

/** Sorts the members of an object, for JSON. */
function keysInOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
