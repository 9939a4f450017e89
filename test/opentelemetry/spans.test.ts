import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import type { Transport } from "latchkey/effect"
import { openTelemetry } from "latchkey/opentelemetry"
import { describe, expect, test } from "vitest"
import { active, down, provider, settings, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { makeSdks } from "./exported.ts"

const { issuer, clientId } = settings
const live = { freshness: "live" } as const

const open = (transport: Transport, changes: Parameters<typeof provider>[1] = {}) =>
  createAuth(provider(transport, { retry: false, ...changes }), { telemetry: openTelemetry() })

/** Opens a client whose SDKs are the global ones. */
const recorded = (transport: Vendor, changes: Parameters<typeof provider>[1] = {}) => {
  const sdks = makeSdks()
  sdks.register()
  return { ...sdks, auth: open(transport, changes) }
}

describe("the span of a call", () => {
  test("is a child of the span that is active where the call is made, also after an await", async () => {
    await using sdks = recorded(vendor(() => active()))
    const tracer = trace.getTracer("application")
    const handle = (name: string) =>
      tracer.startActiveSpan(name, async (span) => {
        await new Promise((resolve) => setImmediate(resolve))
        await sdks.auth.introspect(`token of ${name}`)
        span.end()
        return span.spanContext()
      })
    const parents = await Promise.all([handle("first"), handle("second")])
    const calls = sdks.spans().filter(({ name }) => name === "latchkey.introspect")
    const parentOf = calls.map((call) => [call.spanContext().traceId, call.parentSpanContext?.spanId])
    expect(new Set(parentOf.map(String))).toEqual(
      new Set(parents.map(({ traceId, spanId }) => String([traceId, spanId]))),
    )
  })

  test("is a root without an active span", async () => {
    await using sdks = recorded(vendor(() => active()))
    await sdks.auth.introspect("token")
    expect(sdks.spans().map(({ name, parentSpanContext }) => [name, parentSpanContext])).toEqual([
      ["latchkey.introspect", undefined],
    ])
  })

  test("describes the provider, the cache result and the HTTP exchange", async () => {
    await using sdks = recorded(vendor(() => active()))
    await sdks.auth.introspect("token")
    const [span] = sdks.spans()
    expect(span?.kind).toBe(SpanKind.CLIENT)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(span?.instrumentationScope.name).toBe("latchkey")
    expect(span?.attributes).toEqual({
      "latchkey.provider": "oidc",
      "latchkey.issuer": issuer,
      "latchkey.client_id": clientId,
      "latchkey.operation": "introspect",
      "latchkey.cache": "miss",
      "latchkey.requests": 1,
      "latchkey.upstream_ms": expect.any(Number),
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "server.address": "id.example",
      "server.port": 443,
      "url.full": `${issuer}/introspect`,
    })
  })

  test("has the reason of an error, without a secret or the token", async () => {
    const transport = vendor(() => Effect.succeed(json({ error: "invalid_client" }, 401)))
    await using sdks = recorded(transport)
    await expect(sdks.auth.introspect("a-token-of-a-user", live)).rejects.toMatchObject({ _tag: "AuthError" })
    const [span] = sdks.spans()
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(span?.attributes).toMatchObject({ "error.type": "InvalidClient", "latchkey.reason": "InvalidClient" })
    expect(span?.events.map(({ name, attributes }) => [name, attributes?.["exception.type"]])).toEqual([
      ["exception", "AuthError"],
    ])
    const text = JSON.stringify([span?.attributes, span?.events, span?.status])
    expect(text).toContain("InvalidClient")
    for (const secret of ["a-token-of-a-user", settings.clientSecret]) expect(text).not.toContain(secret)
  })

  test("has no text of an exception that the application's transport throws", async () => {
    const transport = vendor(() => Effect.die(new Error("token=a-token-of-a-user")))
    await using sdks = recorded(transport)
    await expect(sdks.auth.introspect("a-token-of-a-user", live)).rejects.toThrow()
    const [span] = sdks.spans()
    expect(span?.attributes["error.type"]).toBe("defect")
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain("a-token-of-a-user")
  })

  test("of a call that its caller ends is not an error", async () => {
    await using sdks = recorded(vendor(() => Effect.never))
    const gaveUp = AbortSignal.timeout(5)
    await expect(sdks.auth.introspect("token", { signal: gaveUp, ...live })).rejects.toThrow()
    const [span] = sdks.spans()
    expect(span?.attributes["latchkey.interrupted"]).toBe(true)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  test("lasts as long as the call", async () => {
    const transport = vendor(() => Effect.delay(active(), "30 millis"))
    await using sdks = recorded(transport)
    await sdks.auth.introspect("token")
    const [seconds = 0, nanos = 0] = sdks.spans()[0]?.duration ?? []
    expect(seconds * 1000 + nanos / 1e6).toBeGreaterThanOrEqual(29)
  })

  test("does not exist for a cached answer, which needs no request", async () => {
    await using sdks = recorded(vendor(() => active()))
    await sdks.auth.introspect("token")
    await sdks.auth.introspect("token")
    expect(sdks.spans()).toHaveLength(1)
  })

  test("does not exist for explain", async () => {
    await using sdks = recorded(vendor(() => active({ token_use: "refresh_token" })))
    expect(await sdks.auth.explain("token")).toMatchObject({ active: false })
    expect(sdks.spans()).toEqual([])
    expect(await sdks.series()).toEqual([])
  })

  test("does not exist with trace: false", async () => {
    await using sdks = recorded(
      vendor(() => active()),
      { trace: false },
    )
    await sdks.auth.introspect("token")
    expect(sdks.spans()).toEqual([])
  })

  test("is the active one while the transport sends, so that an instrumented client's spans are its children", async () => {
    const standard = vendor(() => active())
    const tracer = trace.getTracer("http client")
    const instrumented: Transport = {
      send: (request) =>
        Effect.suspend(() => {
          tracer.startSpan(request.method).end()
          return standard.send(request)
        }),
    }
    await using sdks = makeSdks()
    sdks.register()
    await open(instrumented).introspect("token")
    const [inner, outer] = sdks.spans()
    expect(inner?.name).toBe("POST")
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
  })
})

describe("a request to the vendor", () => {
  test("has no header for tracing", async () => {
    const transport = vendor(() => active())
    await using sdks = recorded(transport)
    await trace.getTracer("application").startActiveSpan("request", () => sdks.auth.introspect("token"))
    const names = transport.requests.flatMap(({ headers }) => Object.keys(headers))
    expect(names).toContain("authorization")
    for (const header of ["traceparent", "tracestate", "baggage", "b3"]) expect(names).not.toContain(header)
  })
})

describe("without a registered SDK", () => {
  test("calls succeed and fail as without telemetry", async () => {
    const transport = vendor(() => active())
    const auth = open(transport)
    expect(await auth.introspect("token")).toMatchObject({ active: true })
    transport.respond = () => down
    await expect(auth.introspect("token", live)).rejects.toMatchObject({ reason: { _tag: "Unavailable" } })
  })

  test("a client records from the registration of one on", async () => {
    const auth = open(vendor(() => active()))
    await auth.introspect("first")
    await using sdks = makeSdks()
    sdks.register()
    await auth.introspect("second")
    expect(sdks.spans()).toHaveLength(1)
    const counted = (await sdks.series()).filter(({ name }) => name === "latchkey_introspections_total")
    expect(counted.map(({ value }) => value)).toEqual([1])
  })
})

test("a span processor that throws changes no call", async () => {
  await using sdks = makeSdks()
  const broken = () => {
    throw new Error("the processor is broken")
  }
  const tracerProvider = { getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) }
  const telemetry = openTelemetry({ tracerProvider, meterProvider: sdks.meterProvider })
  const auth = createAuth(provider(vendor(() => active())), { telemetry })
  expect(await auth.introspect("token")).toMatchObject({ active: true })
})
