/** Measures how long the vendor takes to respond. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Tracer from "effect/Tracer"
import { addToSpan, callSpanOf } from "../../internal/call-span.ts"
import { addressIn } from "../../internal/current-call.ts"
import { monotonicNow } from "../../internal/real-timers.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"

/**
 * Adds the duration of each request to the span of its call, and describes the request that ended last. Without a span
 * nothing is measured.
 */
export const timedTransport = (transport: Transport): Transport => ({
  send: (request) =>
    Effect.withFiber((fiber) => {
      const span = callSpanOf(fiber)
      if (span === undefined) return transport.send(request)
      const startedAt = monotonicNow()
      return Effect.onExitPrimitive(transport.send(request), (exit) => {
        addToSpan(span, "upstream_ms", monotonicNow() - startedAt)
        addToSpan(span, "requests", 1)
        describe(span, request, exit)
        return undefined
      })
    }),
})

/**
 * Writes the attributes of an HTTP client on a span. The URL has no query, and a path that may hold a token is redacted.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
const describe = (
  span: Tracer.Span,
  { method, url }: TransportRequest,
  exit: Exit.Exit<TransportResponse, Reason>,
): void => {
  span.attribute("http.request.method", method)
  const parsed = URL.parse(url)
  const { url: address } = addressIn({ url })
  if (parsed !== null && address !== undefined) {
    span.attribute("server.address", parsed.hostname)
    span.attribute("server.port", Number(parsed.port) || (parsed.protocol === "https:" ? 443 : 80))
    span.attribute("url.full", address)
  }
  if (exit._tag === "Success") span.attribute("http.response.status_code", exit.value.status)
}
