/**
 * Sends latchkey's spans, metrics and events to OpenTelemetry, without Effect. It prints them on the console; in
 * production, use OTLP exporters. To run it: `npx node --conditions=latchkey-source examples/opentelemetry.ts`.
 */
import { startOry } from "@latchkey/testing"
import { metrics, trace } from "@opentelemetry/api"
import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node"
import { createAuth, type Telemetry } from "latchkey"
import { openTelemetry } from "latchkey/opentelemetry"

/** A request handler of a service: the span of the call is a child of the request's span. */
export const handle = async (telemetry: Telemetry): Promise<ReadonlyArray<boolean>> => {
  const clientSecret = "a secret"
  await using vendor = await startOry({
    seed: { clients: [{ client_id: "orders", client_secret: clientSecret, grant_types: ["client_credentials"] }] },
  })
  const { publicUrl, adminUrl } = vendor
  await using auth = createAuth(
    {
      ...{ provider: "ory", publicUrl, adminUrl, clientId: "orders", clientSecret },
      insecureOrigins: [publicUrl, adminUrl],
    },
    { telemetry },
  )
  return await trace.getTracer("orders").startActiveSpan("GET /orders", async (span) => {
    const { accessToken } = await auth.clientCredentials()
    const states = [await auth.introspect(accessToken), await auth.introspect("made-up")]
    span.end()
    return states.map(({ active }) => active)
  })
}

if (import.meta.main) {
  // An application does this before everything else, in a file for `node --import`.
  const tracerProvider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())],
  })
  tracerProvider.register()
  const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })
  const meterProvider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(meterProvider)
  console.log(await handle(openTelemetry()))
  await meterProvider.shutdown()
}
