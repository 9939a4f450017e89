/** OpenTelemetry SDKs in memory, and what they have exported. */
import { type Attributes, context, metrics as globalMetrics, trace } from "@opentelemetry/api"
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs"
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics"
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node"

/** One series: its instrument, its attributes, and its value or count. */
export interface Series {
  readonly name: string
  readonly unit: string
  readonly attributes: Attributes
  readonly value: number
}

/** Makes SDKs that keep what they export. `register` makes them the global ones until the disposal. */
export const makeSdks = () => {
  const spans = new InMemorySpanExporter()
  const records = new InMemoryLogRecordExporter()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const loggerProvider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] })
  const series = async (): Promise<ReadonlyArray<Series>> => {
    exporter.reset()
    await reader.forceFlush()
    return exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ descriptor: { name, unit }, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          ...{ name, unit, attributes },
          value: typeof value === "number" ? value : value.count,
        })),
      )
  }
  const register = () => {
    tracerProvider.register()
    globalMetrics.setGlobalMeterProvider(meterProvider)
  }
  return {
    ...{ tracerProvider, meterProvider, series, register },
    logger: loggerProvider.getLogger("latchkey"),
    spans: () => spans.getFinishedSpans(),
    records: () => records.getFinishedLogRecords(),
    [Symbol.asyncDispose]: async () => {
      trace.disable()
      context.disable()
      globalMetrics.disable()
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown(), loggerProvider.shutdown()])
    },
  }
}
