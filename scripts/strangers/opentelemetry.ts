/** A stranger's program for the entry `latchkey/opentelemetry`, with SDKs that it registers as the global ones. */
import assert from "node:assert/strict"
import { context, metrics, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import * as Effect from "effect/Effect"
import { createAuth, type Telemetry } from "latchkey"
import { oidc } from "latchkey/oidc"
import { openTelemetry } from "latchkey/opentelemetry"

export const telemetry: Telemetry = openTelemetry()

const issuer = "https://id.example"
await using auth = createAuth(
  oidc(
    {
      issuer,
      clientId: "orders",
      clientSecret: "secret",
      endpoints: { introspectionEndpoint: `${issuer}/introspect` },
    },
    {
      transport: {
        send: () =>
          Effect.succeed({ status: 200, headers: { "content-type": "application/json" }, body: '{"active":false}' }),
      },
    },
  ),
  { telemetry },
)
assert.deepEqual(await auth.introspect("before"), { active: false })

const spans = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }))
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
const meterProvider = new MeterProvider({ readers: [reader] })
metrics.setGlobalMeterProvider(meterProvider)

await trace.getTracer("orders").startActiveSpan("GET /orders", async (span) => {
  assert.deepEqual(await auth.introspect("after"), { active: false })
  span.end()
})
const [call, request] = spans.getFinishedSpans()
assert.deepEqual([call?.name, request?.name], ["latchkey.introspect", "GET /orders"])
assert.equal(call?.parentSpanContext?.spanId, request?.spanContext().spanId)
assert.equal(call?.attributes["http.response.status_code"], 200)
await reader.forceFlush()
const names = exporter
  .getMetrics()
  .flatMap(({ scopeMetrics }) => scopeMetrics)
  .flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name))
assert.deepEqual(names.sort(), ["latchkey_call_duration", "latchkey_introspections_total"])
await meterProvider.shutdown()
