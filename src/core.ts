/** The entry of the Promise API for a vendor that is chosen in code: it loads the adapter that you import, and no other. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ClientOptions } from "./core/client-options.ts"
import { type Promised, promised } from "./core/promise.ts"
import type { AuthError } from "./ports/errors.ts"
import type { Identity } from "./ports/provider.ts"

export type { ClientOptions } from "./core/client-options.ts"
export type { Abortable, Checking, Closeable, Explaining, Promised } from "./core/promise.ts"
export * from "./exports.ts"

/**
 * Makes the client of one vendor from its provider, such as `ory({ ... })`. It has exactly that vendor's operations.
 *
 * @param options `telemetry`: where spans, metrics and events go
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if the configuration is wrong. Sends no request before
 * the first call. Call `close()` at the end.
 */
export const createAuth = <P extends Identity>(
  provider: Effect.Effect<P, AuthError, Scope.Scope>,
  options?: ClientOptions,
): Promised<P> => promised(provider, createAuth, options)
