/**
 * Exports latchkey's spans and metrics with OpenTelemetry. It prints them on the console; in production, use an OTLP
 * exporter and reader. To run it: `npx node --conditions=latchkey-source examples/tracing.ts`.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { startOry } from "@latchkey/testing"
import { ConsoleMetricExporter, type MetricReader, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics"
import { ConsoleSpanExporter, SimpleSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import { Auth, type AuthError } from "latchkey/effect"
import { ory } from "latchkey/ory"

/** The layer that an application adds to the layer of `Auth`. */
export const telemetry = (spans: SpanExporter, metrics: MetricReader) =>
  NodeSdk.layer(() => ({
    resource: { serviceName: "orders" },
    spanProcessor: new SimpleSpanProcessor(spans),
    metricReader: metrics,
  }))

/** Some calls of a service: it gets a token, introspects it twice, revokes it, and tries an invalid token. */
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

/** Runs an effect against an emulator of Ory. */
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
      const service = ory({
        publicUrl,
        adminUrl,
        clientId: "orders",
        clientSecret,
        insecureOrigins: [publicUrl, adminUrl],
      })
      return Effect.provide(effect, Auth.layer(service))
    },
    ({ close }) => Effect.promise(close),
  )

if (import.meta.main) {
  const metrics = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })
  const program = withOry(calls, "a secret").pipe(Effect.provide(telemetry(new ConsoleSpanExporter(), metrics)))
  await Effect.runPromise(Effect.scoped(program))
}
