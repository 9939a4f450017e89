/** Whether a provider can judge tokens at present, for readiness endpoints and for operators. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "./errors.ts"

/**
 * - `"up"`: every origin answers, and no circuit is open.
 * - `"degraded"`: an origin does not answer, but access tokens are still judged: by the vendor, or JWTs by the cached
 *   keys.
 * - `"down"`: access tokens cannot be judged. Only cached answers are returned.
 */
export type HealthStatus = "up" | "degraded" | "down"

/** The circuit of an origin. `"off"`: the configuration has `circuitBreaker: false`. */
export interface CircuitHealth {
  readonly state: "closed" | "open" | "off"
  /** When the circuit opened, or when it closed after it had been open. */
  readonly since?: Date
  /**
   * When latchkey sends its next own request to the origin of an open circuit. If the origin answers, the circuit
   * closes.
   */
  readonly asksAgainAt?: Date
}

/** One origin of the vendor. */
export interface OriginHealth {
  readonly origin: string
  /** Whether the last request of `health` got a response that reports no outage. */
  readonly answers: boolean
  /** When that request was sent. */
  readonly checkedAt: Date
  /** The failure, if the origin did not answer. It holds no byte of a response. */
  readonly detail?: string
  readonly circuit: CircuitHealth
}

/** A document that is kept in memory: the metadata document or a key set. */
export interface DocumentHealth {
  /** When the last request that fetched it was sent. Absent: it was not needed yet. */
  readonly fetchedAt?: Date
  /** Its age in seconds. */
  readonly age?: number
  /** Whether it is used at present. */
  readonly usable: boolean
  /** Why the last fetch failed; absent after a success. */
  readonly detail?: string
}

/** A key set, and the issuers whose JWTs it verifies. */
export interface KeySetHealth extends DocumentHealth {
  readonly issuers: ReadonlyArray<string>
}

export interface Health {
  readonly status: HealthStatus
  readonly provider: string
  /** Absent for a provider that `define` did not make. */
  readonly issuer?: string
  readonly origins: ReadonlyArray<OriginHealth>
  /** Empty for a vendor whose tokens are not validated by their signatures. */
  readonly keys: ReadonlyArray<KeySetHealth>
  /** The metadata document. Not needed if every endpoint is configured. */
  readonly discovery?: DocumentHealth
}

/** The options of `health`. */
export interface HealthOptions {
  /** `true`: sends the requests now. Default: all callers share the answers of the last five seconds. */
  readonly probe?: boolean | undefined
}

/** The function that the Effect API adds to every provider, for readiness endpoints. */
export interface Checkable {
  /**
   * Returns whether access tokens can be judged at present, and what is known about each origin.
   *
   * It needs no token. It sends one GET request to each origin of the vendor, without credentials, at most every five
   * seconds for all callers, and waits at most two seconds. Caches, circuit breakers, metrics and the log are not changed.
   * An outage is a result, never an error.
   *
   * @param options `probe: true` sends the requests now; concurrent callers share them
   *
   * Fails with `InvalidRequest` (an unknown option).
   */
  readonly health: (options?: HealthOptions) => Effect.Effect<Health, AuthError>
}

/** The answer of one origin. */
export interface OriginAnswer {
  readonly origin: string
  /** Milliseconds since 1970. */
  readonly checkedAt: number
  /** The failure, if the origin did not answer. */
  readonly failure?: string
  /** Whether access tokens are judged at this origin. */
  readonly judges: boolean
}

/** What `health` reads of a provider, and how it asks the vendor. */
export interface Monitor {
  readonly issuer: string
  /** The answers of all origins: those of the last seconds, or new ones. */
  readonly recent: Effect.Effect<ReadonlyArray<OriginAnswer>>
  /** Asks all origins now. */
  readonly probe: Effect.Effect<ReadonlyArray<OriginAnswer>>
  /** `now`: milliseconds since 1970. */
  readonly circuitOf: (origin: string, now: number) => CircuitHealth
  readonly discovery: (now: number) => DocumentHealth
  readonly keys: (now: number) => ReadonlyArray<KeySetHealth>
  /** Adds a key set that local validation keeps. */
  readonly watchKeys: (state: (now: number) => KeySetHealth) => void
}
