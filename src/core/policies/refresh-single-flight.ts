/** One request for concurrent refreshes with one refresh token: at some vendors a second use of it ends the whole grant. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "../../ports/errors.ts"
import type { RefreshOptions, Tokens } from "../../ports/issuance.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { Policy } from "./layer.ts"
import { sharedTokens } from "./shared-tokens.ts"

type Refresh = (
  refreshToken: string,
  options?: RefreshOptions,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

/** Answers concurrent refreshes with the same token and scopes from one request. */
export const refreshSingleFlight: Policy = (provider) => {
  const share = sharedTokens(provider, "refresh")
  const shared =
    (method: Refresh): Refresh =>
    (refreshToken, options, ...more) =>
      share(
        method(refreshToken, options, ...more),
        () => {
          const scopes = options?.scopes && Array.from(new Set(options.scopes)).sort()
          return JSON.stringify([refreshToken, scopes])
        },
        refreshToken,
      )
  return (operation, inner) =>
    operation === "refresh" ? { ...inner, call: shared(inner.call as Refresh) as AnyMethod } : inner
}
