/**
 * Exports latchkey's spans and metrics with OpenTelemetry. Run it (`npx node --conditions=latchkey-source
 * examples/tracing.ts`) to see them on the console; in production give it an OTLP exporter and reader.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { ConsoleMetricExporter, type MetricReader, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { ConsoleSpanExporter, SimpleSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import { Auth, type AuthError } from "latchkey/effect"
import { startOry } from "@latchkey/testing"
import { ory } from "latchkey/ory"

/** The one layer that an application adds beside that of `Auth`. */
export const telemetry = (spans: SpanExporter, metrics: MetricReader) =>
  NodeSdk.layer(() => ({
    resource: { serviceName: "orders" },
    spanProcessor: new SimpleSpanProcessor(spans),
    metricReader: metrics,
  }))

/** Some calls as a service makes them: a token, two looks at it, its end, and a look at one of somebody's making. */
export const calls: Effect.Effect<ReadonlyArray<string>, AuthError, Auth> = Effect.gen(function* () {
  const auth = yield* Auth
  const { accessToken } = yield* auth.clientCredentials({ scopes: ["read"] })
  yield* auth.introspect(accessToken)
  yield* auth.introspect(accessToken)
  yield* auth.revoke(accessToken)
  yield* auth.introspect("made-up")
  yield* Effect.ignore(auth.userInfo("made-up"))
  return [accessToken]
})

/** Runs an effect with an Ory of ours, and answers what came with every secret there was. */
export const withOry = <A, E>(effect: Effect.Effect<A, E, Auth>, clientSecret: string) =>
  Effect.acquireUseRelease(
    Effect.promise(() =>
      startOry({
        seed: {
          clients: [
            { client_id: "orders", client_secret: clientSecret, scope: "read", grant_types: ["client_credentials"] },
          ],
        },
      }),
    ),
    ({ publicUrl, adminUrl }) => {
      const service = ory({ publicUrl, adminUrl, clientId: "orders", clientSecret, insecureOrigins: [publicUrl, adminUrl] })
      return Effect.provide(effect, Auth.layer(service))
    },
    ({ close }) => Effect.promise(close),
  )

if (import.meta.main) {
  const metrics = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })
  const shown = withOry(calls, "a secret").pipe(Effect.provide(telemetry(new ConsoleSpanExporter(), metrics)))
  await Effect.runPromise(Effect.scoped(shown))
}
