import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import { InMemorySpanExporter, type ReadableSpan } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import * as TestClock from "effect/testing/TestClock"
import { createAuth } from "latchkey"
import { beforeAll, describe, expect, test } from "vitest"
import { calls, telemetry, withOry } from "../../examples/tracing.ts"
import { active, inactive, open, provider, run, settings, vendor } from "./vendor.ts"

const clientSecret = "the secret of the example"

describe("the example that exports with OpenTelemetry", () => {
  const spans = new InMemorySpanExporter()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  let token = ""
  let finished: ReadonlyArray<ReadableSpan> = []

  beforeAll(async () => {
    const metrics = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const kept = Effect.tap(withOry(calls, clientSecret), ([accessToken = ""]) =>
      Effect.promise(async () => {
        await metrics.forceFlush()
        token = accessToken
        // Closing the exporter empties it.
        finished = [...spans.getFinishedSpans()]
      }),
    )
    const exported = Effect.provide(kept, telemetry(spans, metrics))
    await Effect.runPromise(Effect.provideService(Effect.scoped(exported), Metric.MetricRegistry, new Map()))
  })

  test("tells every call, by whom it was answered and why it failed", () => {
    const told = finished
      .filter(({ name }) => name.startsWith("latchkey."))
      .map(({ name, attributes }) => [name, attributes["latchkey.cache"], attributes["latchkey.reason"]])
    expect(told).toEqual([
      ["latchkey.clientCredentials", undefined, undefined],
      ["latchkey.introspect", "miss", undefined],
      ["latchkey.introspect", "hit", undefined],
      ["latchkey.revoke", undefined, undefined],
      ["latchkey.introspect", "miss", undefined],
      ["latchkey.userInfo", undefined, "InvalidToken"],
    ])
  })

  test("tells the vendor and how long it took, where it was asked", () => {
    for (const { attributes } of finished) expect(attributes["latchkey.provider"]).toBe("ory")
    const asked = finished.filter(({ attributes }) => Number(attributes["latchkey.upstream_ms"]) > 0)
    expect(asked).toHaveLength(5)
  })

  test("counts and times calls by their outcome", () => {
    const counted = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === "latchkey_call_duration")
      .flatMap(({ dataPoints }) => dataPoints as ReadonlyArray<DataPoint<Histogram>>)
      .map(({ attributes, value }) => ({ ...attributes, ...value }))
    expect(counted).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ operation: "introspect", outcome: "success", count: 3, sum: expect.any(Number) }),
        expect.objectContaining({ operation: "userInfo", outcome: "InvalidToken", count: 1 }),
      ]),
    )
  })

  test("says no token and no secret", () => {
    const said = JSON.stringify([
      finished.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
      exporter.getMetrics(),
    ])
    expect(said).toContain("latchkey.introspect")
    expect(token.length).toBeGreaterThan(20)
    for (const secret of [token, clientSecret, "made-up"]) expect(said).not.toContain(secret)
  })
})

describe("without a tracer", () => {
  test("no span is made", async () => {
    const auth = open(
      vendor(() =>
        Effect.flatMap(Effect.option(Effect.currentSpan), (span) => {
          expect(span._tag).toBe("None")
          return active()
        }),
      ),
    )
    expect(await run(auth.introspect("token"))).toMatchObject({ active: true })
  })

  test("calls are counted, those of the Promise face that start no fiber too", async () => {
    const counted = () =>
      Effect.runPromise(
        Effect.map(Metric.snapshot, (all) =>
          all.find(
            ({ id, attributes }) =>
              id === "latchkey_introspections_total" && attributes?.provider === "oidc" && attributes.from === "hit",
          ),
        ),
      ).then((series) => (series?.type === "Counter" ? Number(series.state.count) : 0))
    await using auth = createAuth(provider(vendor(() => active())))
    await auth.introspect("token")
    const before = await counted()
    await auth.introspect("token")
    expect((await counted()) - before).toBe(1)
  })
})

describe("with a tracer", () => {
  const spansOf = async (effect: Effect.Effect<unknown, unknown>) => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      },
    })
    await run(Effect.ignore(Effect.withTracer(effect, tracer)))
    return spans
  }

  test("a span says which check of ours a token failed, and the answer does not", async () => {
    const door = vendor(() => active({ iss: "https://elsewhere.example" }))
    const [span] = await spansOf(open(door).introspect("token"))
    expect(span?.attributes.get("latchkey.check")).toBe("issuer")
    expect(await run(open(door).introspect("token"))).toEqual({ active: false })
  })

  test("a stale answer says so", async () => {
    const door = vendor(() => active())
    const auth = open(door, { staleIfUnavailable: "1 minute", retry: false, cache: { maxAge: "1 millis" } })
    const spans = await spansOf(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.adjust("5 millis")
        door.answer = () => Effect.fail({ _tag: "Unavailable", detail: "down" })
        yield* auth.introspect("token")
      }),
    )
    expect(spans.map((span) => span.attributes.get("latchkey.cache"))).toEqual(["miss", "stale"])
  })

  test("none is made when that is off", async () => {
    expect(
      await spansOf(
        open(
          vendor(() => inactive),
          { trace: false },
        ).introspect("token"),
      ),
    ).toEqual([])
  })

  test("every operation has one, whose name and attributes hold nothing that was given", async () => {
    const auth = open(vendor(() => inactive))
    const spans = await spansOf(
      Effect.all([
        auth.introspect("given-token"),
        Effect.ignore(auth.userInfo("given-token")),
        Effect.ignore(auth.refresh("given-token")),
        Effect.ignore(auth.exchange("https://app.example/cb?code=given", {} as never)),
      ]),
    )
    expect(spans.map(({ name }) => name)).toEqual([
      "latchkey.introspect",
      "latchkey.userInfo",
      "latchkey.refresh",
      "latchkey.exchange",
    ])
    const said = JSON.stringify(spans.map(({ name, attributes }) => [name, Array.from(attributes)]))
    for (const secret of ["given", settings.clientSecret]) expect(said).not.toContain(secret)
  })
})
