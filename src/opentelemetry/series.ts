/** The instruments of OpenTelemetry, and their series. */
import { type Meter, type MeterProvider, metrics } from "@opentelemetry/api"
import { boundaries, type Instrument, instruments } from "../internal/instruments.ts"
import { version } from "../internal/version.ts"
import type { SeriesAttributes, Telemetry } from "../ports/telemetry.ts"

type Record = (value: number, attributes: SeriesAttributes) => void

/** Makes one instrument of a meter. */
const makeInstrument = (meter: Meter, name: string, { kind, description, unit }: Instrument): Record => {
  if (kind === "counter") {
    const counter = meter.createCounter(name, { description, unit })
    return (value, attributes) => counter.add(value, attributes)
  }
  if (kind === "gauge") {
    const gauge = meter.createGauge(name, { description, unit })
    return (value, attributes) => gauge.record(value, attributes)
  }
  const explicitBucketBoundaries = boundaries.filter(Number.isFinite)
  const histogram = meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries } })
  return (value, attributes) => histogram.record(value, attributes)
}

/**
 * Makes the function that makes series.
 *
 * The global provider is read at each record: its instruments do not pass records on to a provider that is registered
 * later.
 */
export const makeSeries = (given: MeterProvider | undefined): Telemetry["seriesOf"] => {
  let owner: MeterProvider | undefined
  let made = new Map<string, Record>()
  const instrumentOf = (name: string): Record | undefined => {
    const provider = given ?? metrics.getMeterProvider()
    if (provider !== owner) {
      owner = provider
      made = new Map()
    }
    const existing = made.get(name)
    const known: Readonly<{ [name: string]: Instrument | undefined }> = instruments
    const instrument = Object.hasOwn(known, name) ? known[name] : undefined
    if (existing !== undefined || instrument === undefined) return existing
    const created = makeInstrument(provider.getMeter("latchkey", version), name, instrument)
    made.set(name, created)
    return created
  }
  return (name, attributes) => (value) => instrumentOf(name)?.(value, attributes)
}
