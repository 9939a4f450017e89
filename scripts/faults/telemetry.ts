import type { Fault } from "./fault.ts"

const spans = "test/opentelemetry/spans.test.ts"
const series = "test/opentelemetry/series-and-events.test.ts"
const tracer = "src/opentelemetry/call-tracer.ts"

/** Faults in the spans, series and events of OpenTelemetry. */
export const telemetryFaults: ReadonlyArray<Fault> = [
  {
    name: "the span of a call has no parent",
    file: tracer,
    find: "  if (Option.isNone(parent)) return active\n",
    replace: "  if (Option.isNone(parent)) return trace.deleteSpan(active)\n",
    tests: [spans],
  },
  {
    name: "the span of a call is not the active one while the transport sends",
    file: tracer,
    find: 'return span !== undefined && "recorded" in span\n',
    replace: 'return span === undefined && "recorded" in fiber\n',
    tests: [spans],
  },
  {
    name: "a span processor that throws fails the call",
    file: tracer,
    find: "  } catch {\n    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)\n",
    replace:
      "  } catch (error) {\n    if (INVALID_SPAN_CONTEXT.traceId !== undefined) throw error\n    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)\n",
    tests: [spans],
  },
  {
    name: "a client records no span for an SDK that is registered later",
    file: tracer,
    find: '  const provider: GlobalProvider = trace.getTracerProvider()\n  return () => provider.getDelegateTracer === undefined || provider.getDelegateTracer("latchkey") !== undefined\n',
    replace:
      '  const provider: GlobalProvider = trace.getTracerProvider()\n  const isTracing = provider.getDelegateTracer === undefined || provider.getDelegateTracer("latchkey") !== undefined\n  return () => isTracing\n',
    tests: [spans],
  },
  {
    name: "the text of an exception of the application's transport is in a span",
    file: "src/opentelemetry/span-outcome.ts",
    find: 'else writeError(span, "an exception that is not an AuthError", "defect")',
    replace:
      'else writeError(span, reasons.map(String).join() + JSON.stringify(reasons, (_, each) => each instanceof Error ? each.message : each), "defect")',
    tests: [spans],
  },
  {
    name: "a call that its caller ends is an error in its span",
    file: "src/opentelemetry/span-outcome.ts",
    find: '    span.setAttribute("latchkey.interrupted", true)\n',
    replace: '    writeError(span, "interrupted", "interrupted")\n',
    tests: [spans],
  },
  {
    name: "the URL in a span has its query",
    file: "src/adapters/transport/timing.ts",
    find: '    span.attribute("url.full", address)\n',
    replace: '    span.attribute("url.full", address + "?" + url)\n',
    tests: [spans],
  },
  {
    name: "an explanation is recorded by OpenTelemetry",
    file: "src/internal/telemetry.ts",
    find: "    if (context !== processContext && Context.getUnsafe(context, Explaining) !== undefined) return\n",
    replace: "    if (context !== processContext && Context.getUnsafe(context, Explaining) === null) return\n",
    tests: [spans],
  },
  {
    name: "the global meter provider is read once",
    file: "src/opentelemetry/series.ts",
    find: "    if (provider !== owner) {\n",
    replace: "    if (owner === undefined) {\n",
    tests: [spans],
  },
  {
    name: "a telemetry that throws at a series fails the call",
    file: "src/internal/telemetry.ts",
    find: "    } catch {\n      // A telemetry that throws changes nothing.\n    }\n",
    replace: "    } catch (error) {\n      throw error\n    }\n",
    tests: [series],
  },
  {
    name: "a telemetry that throws at an event fails the call",
    file: "src/internal/log.ts",
    find: "    telemetry.emit(logged, fiber && callSpanOf(fiber))\n  } catch {\n    // The event is lost.\n",
    replace: "    telemetry.emit(logged, fiber && callSpanOf(fiber))\n  } catch (error) {\n    throw error\n",
    tests: [series],
  },
  {
    name: "a series does not name the issuer",
    file: "src/internal/telemetry.ts",
    find: "tenant ?? { provider: id }",
    replace: "tenant === undefined ? { provider: id } : { provider: id, client_id: String(tenant.client_id) }",
    tests: [series],
  },
  {
    name: "a log record has no trace",
    file: "src/opentelemetry/event-records.ts",
    find: "span === undefined ? active : api.trace.setSpan(active, span)",
    replace: "active",
    tests: [series],
  },
  {
    name: "a wrong telemetry is accepted",
    file: "src/core/client-options.ts",
    find: "telemetry !== undefined && !isTelemetry(telemetry)",
    replace: "telemetry === null && !isTelemetry(telemetry)",
    tests: [series],
  },
  {
    name: "an unknown option of openTelemetry is ignored",
    file: "src/opentelemetry/index.ts",
    find: "if (method === undefined)",
    replace: "if (method === null)",
    tests: [series],
  },
]
