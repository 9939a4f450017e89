/** One request for concurrent refreshes with one refresh token: at some vendors a second use of it ends the whole grant. */
import * as Effect from "effect/Effect"
import { isRejected } from "../../internal/rejected-call.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { RefreshOptions, Tokens } from "../../ports/issuance.ts"
import type { AnyMethod } from "../over-operations.ts"
import { cacheKeys, withKey } from "./cache-key.ts"
import { deepFreeze } from "./deep-freeze.ts"
import type { Policy } from "./layer.ts"
import { singleFlight } from "./single-flight.ts"
import { withOwnDate } from "./token-date.ts"

type Refresh = (
  refreshToken: string,
  options?: RefreshOptions,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

/** Answers concurrent refreshes with the same token and scopes from one request. Nothing is cached afterwards. */
export const refreshSingleFlight: Policy = (provider) => {
  const keyOf = cacheKeys(provider, "refresh")
  const flights = singleFlight<Tokens, AuthError>({ once: true })
  const shared =
    (method: Refresh): Refresh =>
    (refreshToken, options, ...more) => {
      const call = method(refreshToken, options, ...more)
      if (isRejected(call)) return call
      const frozen = Effect.map(call, (tokens) => {
        deepFreeze(tokens)
        return tokens
      })
      const scopes = options?.scopes && Array.from(new Set(options.scopes)).sort()
      return withKey(keyOf(JSON.stringify([refreshToken, scopes])), (key) =>
        Effect.suspend(() =>
          Effect.map(
            flights.do(key, () => frozen),
            withOwnDate,
          ),
        ),
      )
    }
  return (operation, inner) =>
    operation === "refresh" ? { ...inner, call: shared(inner.call as Refresh) as AnyMethod } : inner
}
