/** The instruments that latchkey records, for Effect's metrics and for OpenTelemetry. */
import * as Metric from "effect/Metric"

export interface Instrument {
  readonly kind: "counter" | "gauge" | "histogram"
  readonly description: string
  /** The unit by the Unified Code for Units of Measure. */
  readonly unit: string
}

/** Every series has `provider`, `issuer` and `client_id`, and the attributes that the comment names. */
export const instruments = {
  /** `operation` and `outcome`: `success`, `interrupted`, `defect` or the reason of the error. */
  latchkey_call_duration: { kind: "histogram", description: "Duration of calls", unit: "ms" },
  /** `from`. */
  latchkey_introspections_total: {
    kind: "counter",
    description: "Introspections by cache result: `hit`, `miss`, `stale`, or `live` (cache bypassed)",
    unit: "{introspection}",
  },
  /** `check`. */
  latchkey_rejections_total: {
    kind: "counter",
    description: "Tokens that failed a check of latchkey, by the check",
    unit: "{token}",
  },
  /** `origin`. */
  latchkey_circuit_open: {
    kind: "gauge",
    description: "Whether the circuit breaker of an origin is open: 1 open, 0 closed",
    unit: "1",
  },
  latchkey_client_secret_in_use: {
    kind: "gauge",
    description: "Which client secret the vendor accepts: 0 the first, 1 the second",
    unit: "1",
  },
  latchkey_fleet_unavailable: {
    kind: "gauge",
    description: "Whether the store of the fleet gives no answers: 1 none, 0 answers",
    unit: "1",
  },
} as const satisfies Readonly<Record<string, Instrument>>

export type InstrumentName = keyof typeof instruments

/** The upper limits of the histogram buckets in milliseconds: 0.5, 1, 2, 4, ... */
export const boundaries = Metric.exponentialBoundaries({ start: 0.5, factor: 2, count: 20 })
