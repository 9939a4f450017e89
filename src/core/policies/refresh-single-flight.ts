/** One request of all that refresh with one refresh token: a second use of it ends the whole grant on some vendors. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AuthError } from "../../ports/errors.ts"
import type { RefreshOptions, Tokens } from "../../ports/issuance.ts"
import type { Identity } from "../../ports/provider.ts"
import { type FactKey, factKeys, withKey } from "./cache-key.ts"
import { type AnyMethod, overOperations } from "../over-operations.ts"
import { handed } from "./client-credentials-cache.ts"
import { settle } from "./deep-freeze.ts"
import { singleFlight } from "./single-flight.ts"

type Refresh = (
  refreshToken: string,
  options?: RefreshOptions,
  ...more: ReadonlyArray<unknown>
) => Effect.Effect<Tokens, AuthError>

/** Answers concurrent refreshes with one token, for the same scopes, from one request. Nothing is kept afterwards. */
export const sharedRefresh = <P extends Identity>(provider: P): P => {
  const keyOf = factKeys(provider, "refresh")
  const flights = singleFlight<Tokens, AuthError>({ once: true })
  const sharing =
    (method: Refresh): Refresh =>
    (refreshToken, options, ...more) => {
      const asked = method(refreshToken, options, ...more)
      if (Exit.isExit(asked)) return asked
      const once = Effect.map(asked, (tokens) => {
        settle(tokens)
        return tokens
      })
      const key = keyOf(JSON.stringify([refreshToken, options?.scopes && Array.from(new Set(options.scopes)).sort()]))
      const answer = (key: FactKey) =>
        Effect.suspend(() =>
          Effect.map(
            flights.share(key, () => once),
            handed,
          ),
        )
      return withKey(key, answer)
    }
  return overOperations(provider, (operation, method) =>
    operation === "refresh" ? (sharing(method as Refresh) as AnyMethod) : undefined,
  )
}
