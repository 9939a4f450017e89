/** The parts from which introspections are answered. */
import type { countCacheResults } from "../../internal/telemetry.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { TokenState } from "../../ports/introspection.ts"
import type { Identity } from "../../ports/provider.ts"
import type { Background } from "./background.ts"
import type { CacheKeys } from "./cache-key.ts"
import type { FleetTier } from "./fleet-tier.ts"
import type { IntrospectionStore } from "./introspection-store.ts"
import type { SingleFlight } from "./single-flight.ts"

/** The parts that the layers of one provider share. */
export interface Cache {
  readonly keyOf: CacheKeys
  readonly store: IntrospectionStore
  readonly flights: SingleFlight<TokenState, AuthError> | undefined
  /** How old an answer may be that replaces an error, in milliseconds. */
  readonly staleFor: number | undefined
  readonly count: ReturnType<typeof countCacheResults> | undefined
  readonly background: Background
  readonly provider: Identity
  readonly fleet: FleetTier | undefined
}
