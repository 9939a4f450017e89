import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { startOry } from "@latchkey/testing"
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { openTelemetry } from "latchkey/opentelemetry"
import { ory } from "latchkey/ory"
import { describe, expect, it } from "vitest"
import { healthServer } from "../../examples/health.ts"
import { handle } from "../../examples/opentelemetry.ts"
import { instruments } from "../../src/internal/instruments.ts"
import { makeSdks } from "../opentelemetry/exported.ts"
import { text } from "./examples.ts"

describe("examples/opentelemetry.ts", () => {
  it("exports a span for each call that sends a request, below the span of the request that it serves", async () => {
    await using sdks = makeSdks()
    sdks.register()
    expect(await handle(openTelemetry())).toEqual([true, false])
    const spans = sdks.spans()
    const outer = spans.find(({ name }) => name === "GET /orders")?.spanContext().spanId
    const inner = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === outer)
    expect(inner.map(({ name }) => name)).toEqual([
      "latchkey.clientCredentials",
      "latchkey.introspect",
      "latchkey.introspect",
    ])
    const names = (await sdks.series()).map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(["latchkey_call_duration", "latchkey_introspections_total"]))
  })
})

describe("examples/health.ts", () => {
  it("is not ready before the vendor has answered once, and stays ready when the vendor fails later", async () => {
    await using vendor = await startOry()
    const { publicUrl, adminUrl } = vendor
    let isDown = true
    const config = { publicUrl, adminUrl, clientId: "orders", clientSecret: "a secret" }
    await using auth = createAuth(
      ory(
        { ...config, insecureOrigins: [publicUrl, adminUrl] },
        {
          transport: (standard) => ({
            send: (request) =>
              isDown ? Effect.fail({ _tag: "Unavailable", detail: "connection refused" }) : standard.send(request),
          }),
        },
      ),
    )
    // Each request of the test is at a time of its own.
    const server = healthServer({ health: () => auth.health({ probe: true }) }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
      return [response.status, ((await response.json()) as { readonly status?: string }).status]
    }
    try {
      expect(await get("/ready")).toEqual([503, "down"])
      expect(await get("/live")).toEqual([200, "alive"])
      isDown = false
      expect(await get("/ready")).toEqual([200, "up"])
      isDown = true
      expect(await get("/ready")).toEqual([200, "down"])
      expect(await get("/health")).toEqual([200, "down"])
      expect(await get("/live")).toEqual([200, "alive"])
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})

describe("docs/observability.md", () => {
  it("has one row for each instrument, with its kind and its unit", () => {
    const rows = Array.from(text("docs/observability.md").matchAll(/^\| `(latchkey_\w+)` \| (\w+) \| `([^`]+)` \|/gm))
    expect(rows.map(([, name, kind, unit]) => [name, kind, unit])).toEqual(
      Object.entries(instruments).map(([name, { kind, unit }]) => [name, kind, unit]),
    )
  })
})
