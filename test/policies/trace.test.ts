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

describe("the OpenTelemetry example", () => {
  const spans = new InMemorySpanExporter()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  let token = ""
  let finished: ReadonlyArray<ReadableSpan> = []

  beforeAll(async () => {
    const metrics = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const recorded = Effect.tap(withOry(calls, clientSecret), ([accessToken = ""]) =>
      Effect.promise(async () => {
        await metrics.forceFlush()
        token = accessToken
        // Closing the exporter clears its spans.
        finished = [...spans.getFinishedSpans()]
      }),
    )
    const exported = Effect.provide(recorded, telemetry(spans, metrics))
    await Effect.runPromise(Effect.provideService(Effect.scoped(exported), Metric.MetricRegistry, new Map()))
  })

  test("exports a span per call, with its cache result and the reason of its failure", () => {
    const exported = finished
      .filter(({ name }) => name.startsWith("latchkey."))
      .map(({ name, attributes }) => [name, attributes["latchkey.cache"], attributes["latchkey.reason"]])
    expect(exported).toEqual([
      ["latchkey.clientCredentials", undefined, undefined],
      ["latchkey.introspect", "miss", undefined],
      ["latchkey.introspect", "hit", undefined],
      ["latchkey.revoke", undefined, undefined],
      ["latchkey.introspect", "miss", undefined],
      ["latchkey.userInfo", undefined, "InvalidToken"],
    ])
  })

  test("names the provider in each span, and the upstream time where a request was made", () => {
    for (const { attributes } of finished) expect(attributes["latchkey.provider"]).toBe("ory")
    const withRequests = finished.filter(({ attributes }) => Number(attributes["latchkey.upstream_ms"]) > 0)
    expect(withRequests).toHaveLength(5)
  })

  test("counts and times calls by outcome", () => {
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

  test("exports no token and no secret", () => {
    const exportedText = JSON.stringify([
      finished.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
      exporter.getMetrics(),
    ])
    expect(exportedText).toContain("latchkey.introspect")
    expect(token.length).toBeGreaterThan(20)
    for (const secret of [token, clientSecret, "made-up"]) expect(exportedText).not.toContain(secret)
  })
})

describe("without a tracer", () => {
  test("no span is created", async () => {
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

  test("calls are counted, including cache hits of the Promise API that start no fiber", async () => {
    // Each client in the process has a series of its own.
    const hitCount = async () => {
      const all = await Effect.runPromise(Metric.snapshot)
      return all
        .filter(({ id, attributes }) => id === "latchkey_introspections_total" && attributes?.from === "hit")
        .reduce((sum, { state }) => sum + ("count" in state ? Number(state.count) : 0), 0)
    }
    await using auth = createAuth(provider(vendor(() => active())))
    await auth.introspect("token")
    const before = await hitCount()
    await auth.introspect("token")
    expect((await hitCount()) - before).toBe(1)
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

  test("the span names the check that a token failed, and the result does not", async () => {
    const transport = vendor(() => active({ token_use: "refresh_token" }))
    const [span] = await spansOf(open(transport).introspect("token"))
    expect(span?.attributes.get("latchkey.check")).toBe("rejected")
    expect(await run(open(transport).introspect("token"))).toEqual({ active: false })
  })

  test('the span of a stale result has the cache attribute "stale"', async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { staleIfError: "1 minute", retry: false, cache: { maxAge: "1 millis" } })
    const spans = await spansOf(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.adjust("5 millis")
        transport.respond = () => Effect.fail({ _tag: "Unavailable", detail: "down" })
        yield* auth.introspect("token")
      }),
    )
    expect(spans.map((span) => span.attributes.get("latchkey.cache"))).toEqual(["miss", "stale"])
  })

  test("no span is created with trace: false", async () => {
    expect(
      await spansOf(
        open(
          vendor(() => inactive),
          { trace: false },
        ).introspect("token"),
      ),
    ).toEqual([])
  })

  test("every operation creates a span whose name and attributes contain no argument", async () => {
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
    const spanText = JSON.stringify(spans.map(({ name, attributes }) => [name, Array.from(attributes)]))
    for (const secret of ["given", settings.clientSecret]) expect(spanText).not.toContain(secret)
  })
})
