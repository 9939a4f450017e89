/** The cached tokens of `clientCredentials`, and how they are dropped. */
import * as Effect from "effect/Effect"
import type { FleetTokens } from "../../internal/fleet-tokens.ts"
import type { RefreshAhead } from "../../internal/refresh-ahead.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { GrantRequest, Tokens } from "../../ports/issuance.ts"
import type { BoundedStore } from "./bounded-store.ts"
import type { CacheKey } from "./cache-key.ts"

export type Call = Effect.Effect<Tokens, AuthError>

export interface ServiceTokenEntry {
  readonly token: RefreshAhead<Tokens, AuthError>
  /** The call of the last caller: a fetch sends the request of the caller that starts it. */
  readonly source: { call: Call }
  readonly bytes: number
}

/** The tokens of one provider. */
export interface ServiceTokens {
  readonly entries: BoundedStore<CacheKey, ServiceTokenEntry>
  /** Entries whose first fetch is in flight. They do not count as entries, so that a failure evicts no token. */
  readonly pending: Map<CacheKey, ServiceTokenEntry>
  /** How often all tokens were dropped: a result of an earlier request is not stored. */
  generation: number
  readonly withKeyOf: <A>(
    request: GrantRequest | undefined,
    use: (key: CacheKey, text: string) => Effect.Effect<A, AuthError>,
  ) => Effect.Effect<A, AuthError>
  /** The tokens of all processes. */
  readonly fleet: FleetTokens<Tokens> | undefined
}

/** Drops all tokens, here and in the other processes. */
export const dropAll = (cache: ServiceTokens): Effect.Effect<void> => {
  cache.generation += 1
  cache.entries.clear()
  cache.pending.clear()
  return cache.fleet?.endAll ?? Effect.void
}

/**
 * Drops a token here and, if it was in use here, in the other processes, so that a stranger's text ends nothing there.
 */
export const dropEverywhere = (
  { entries, fleet }: ServiceTokens,
  accessToken: unknown,
  mayBeElsewhere = false,
): Effect.Effect<void> => {
  let isHere = mayBeElsewhere
  for (const [, { token }] of entries.entries())
    if (token.current()?.accessToken === accessToken) {
      token.invalidate()
      isHere = true
    }
  return fleet === undefined || !isHere ? Effect.void : fleet.end(String(accessToken))
}
