/** Metrics. They never hold a token, a secret or the identity of a user. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import type { TokenCheck } from "../ports/errors.ts"
import type { Events } from "../ports/events.ts"
import type { Identity } from "../ports/provider.ts"
import type { SeriesAttributes, Telemetry, Tenant } from "../ports/telemetry.ts"
import { annotateSpan } from "./call-span.ts"
import { Explaining } from "./explaining.ts"
import { boundaries, type Instrument, type InstrumentName, instruments } from "./instruments.ts"

/** Updates one series of a metric, in the metric registry of the context or of the process. */
export type Update = (value: number, context?: Context.Context<never>) => void

/** The fiber of a call; absent for a result that the Promise API returns without a fiber. */
type CallFiber = Fiber.Fiber<unknown, unknown>

/** Selects the metric registry of the process. */
const processContext = Context.empty()

/** Makes a series of Effect's own metrics. */
const effectSeries = (id: InstrumentName, attributes: SeriesAttributes): Metric.Metric<number, unknown> => {
  const { kind, description }: Instrument = instruments[id]
  if (kind === "counter") return Metric.counter(id, { description, attributes, incremental: true })
  if (kind === "gauge") return Metric.gauge(id, { description, attributes })
  const withUnit = { ...attributes, time_unit: "milliseconds" }
  return Metric.histogram(id, { description, boundaries, attributes: withUnit })
}

/**
 * Makes a series of an instrument. A series gets its attributes when it is made: attributes given with an update create a
 * new context each time, which costs more than the rest of the telemetry of a call.
 */
const seriesOf = (id: InstrumentName, events: Events, attributes: SeriesAttributes): Update => {
  const series = effectSeries(id, attributes)
  let recordedBy: Telemetry | undefined
  let record: ((value: number) => void) | undefined
  return (value, context = processContext) => {
    series.updateUnsafe(value, context)
    const telemetry = events.telemetry()
    if (telemetry === undefined) return
    if (context !== processContext && Context.getUnsafe(context, Explaining) !== undefined) return
    try {
      if (recordedBy !== telemetry) {
        recordedBy = telemetry
        record = telemetry.seriesOf(id, attributes)
      }
      record?.(value)
    } catch {
      // A telemetry that throws changes nothing.
    }
  }
}

/** Makes the series of an instrument for each value of one attribute. Only values of a fixed list may be given. */
export const seriesBy = (
  id: InstrumentName,
  events: Events,
  attributes: SeriesAttributes,
  name: string,
): ((value: string) => Update) => {
  const all = new Map<string, Update>()
  return (value) => {
    const existing = all.get(value)
    if (existing !== undefined) return existing
    const created = seriesOf(id, events, { ...attributes, [name]: value })
    all.set(value, created)
    return created
  }
}

/** The attributes that every series of a provider has. A provider that `define` did not make has its id alone. */
export const tenantOf = ({ id, tenant }: Pick<Identity, "id" | "tenant">): SeriesAttributes =>
  tenant ?? { provider: id }

/** Counts the introspections of a provider by cache result, and writes the cache result on the span. */
export const countCacheResults = (tenant: SeriesAttributes, events: Events) => {
  const by = seriesBy("latchkey_introspections_total", events, tenant, "from")
  const counts = { hit: by("hit"), miss: by("miss"), stale: by("stale"), live: by("live") }
  return (result: keyof typeof counts, fiber?: CallFiber): void => {
    counts[result](1, fiber?.context)
    annotateSpan(fiber, "cache", result)
  }
}

/** Counts and logs a token that failed a check of latchkey. */
export type CountRejection = (check: TokenCheck, fiber?: CallFiber) => void

/** Makes the function that counts and logs the rejected tokens of a provider. */
export const countRejections = (provider: string, tenant: SeriesAttributes, events: Events): CountRejection => {
  const by = seriesBy("latchkey_rejections_total", events, tenant, "check")
  return (check, fiber) => {
    by(check)(1, fiber?.context)
    events.emit({ _tag: "TokenRejected", provider, check }, fiber)
  }
}

/**
 * Counts and logs a token that failed a check of latchkey, and writes the check on the span. The result of the call does not hold
 * the check: it would tell an attacker what to change.
 */
export const recordRejection = (count: CountRejection, check: TokenCheck): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    count(check, fiber)
    annotateSpan(fiber, "check", check)
    return Effect.void
  })

/** Whether the circuit of an origin is open: 1 or 0. */
export const circuitGauge = (events: Events, tenant: Tenant, origin: string): Update =>
  seriesOf("latchkey_circuit_open", events, { ...tenant, origin })

/** Which of two configured client secrets the vendor accepts: 0 the first, 1 the second. */
export const clientSecretGauge = (events: Events, tenant: Tenant): Update =>
  seriesOf("latchkey_client_secret_in_use", events, { ...tenant })

/** Whether the store of the fleet gives no answers: 1 or 0. */
export const fleetGauge = (events: Events, tenant: Tenant): Update =>
  seriesOf("latchkey_fleet_unavailable", events, { ...tenant })
