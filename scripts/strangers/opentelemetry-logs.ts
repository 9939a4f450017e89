/** A stranger's program for the log records of the entry `latchkey/opentelemetry`, with the logs of the newest API. */
import assert from "node:assert/strict"
import * as api from "@opentelemetry/api"
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs"
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { openTelemetry } from "latchkey/opentelemetry"

const exporter = new InMemoryLogRecordExporter()
const loggerProvider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] })
// Since version 1.10 of the API.
const { logs } = Object(api) as { readonly logs: { readonly setGlobalLoggerProvider: (provider: object) => unknown } }
logs.setGlobalLoggerProvider(loggerProvider)

const issuer = "https://id.example"
const body = JSON.stringify({ active: true, token_use: "refresh_token" })
const send = () => Effect.succeed({ status: 200, headers: { "content-type": "application/json" }, body })
const config = {
  ...{ issuer, clientId: "orders", clientSecret: "secret" },
  endpoints: { introspectionEndpoint: `${issuer}/introspect` },
}
for (const telemetry of [openTelemetry(), openTelemetry({ logger: loggerProvider.getLogger("orders") })]) {
  await using auth = createAuth(oidc(config, { transport: { send } }), { telemetry })
  assert.deepEqual(await auth.introspect("token"), { active: false })
}
assert.deepEqual(
  exporter.getFinishedLogRecords().map(({ eventName, severityText }) => [eventName, severityText]),
  [
    ["latchkey.TokenRejected", "INFO"],
    ["latchkey.TokenRejected", "INFO"],
  ],
)
await loggerProvider.shutdown()
