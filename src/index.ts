/** The entry of the Promise API. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Config, type ConfigOptions, fromConfig, type OwnAdapter, type OwnConfig } from "./config.ts"
import type { ClientOptions } from "./core/client-options.ts"
import { type Promised, promised } from "./core/promise.ts"
import type { AuthError } from "./ports/errors.ts"
import type { AnyProvider, Identity } from "./ports/provider.ts"

export type { Config, ConfigOptions, OwnAdapter, OwnConfig } from "./config.ts"
export { type Configured, type EnvOptions, fromConfig, fromEnv } from "./config.ts"
export * from "./core.ts"

/** The client of any vendor: an operation that the vendor lacks rejects with `UnsupportedOperation`. */
export type AnyAuth = Promised<AnyProvider>

/**
 * Makes the client of an identity vendor.
 *
 * With a configuration, or `fromEnv(process.env)`, the vendor is chosen at run time and the client has every operation;
 * an operation that the vendor lacks rejects with `UnsupportedOperation`. With a vendor's own provider, such as `ory({
 * ... })`, the client has exactly that vendor's operations.
 *
 * @param options `transport`: a transport to use instead of the standard one, or a function that wraps the standard one. A
 * provider takes it as its own second argument. `adapters`: adapters of your own, which `provider` may name too.
 * `telemetry`: where spans, metrics and events go, such as `openTelemetry()`. `fleet`: what the processes of a service
 * share, such as `fleet({ client, secret })` of `latchkey/redis`.
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if the configuration is wrong. Sends no request before
 * the first call. Call `close()` at the end.
 */
export function createAuth<P extends Identity>(
  provider: Effect.Effect<P, AuthError, Scope.Scope>,
  options?: ClientOptions,
): Promised<P>
/**
 * Makes the client of an identity vendor from a configuration. An operation that the vendor lacks rejects with
 * `UnsupportedOperation`.
 *
 * @param options `transport`, `adapters`, `telemetry` and `fleet`
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if the configuration is wrong. Sends no request before
 * the first call. Call `close()` at the end.
 */
export function createAuth<Own extends OwnAdapter = never>(
  config: Config | OwnConfig<Own>,
  options?: ConfigOptions<Own> & ClientOptions,
): AnyAuth
export function createAuth<Own extends OwnAdapter = never>(
  source: Effect.Effect<Identity, AuthError, Scope.Scope> | Config | OwnConfig<Own>,
  options: ConfigOptions<Own> & ClientOptions = {},
): Promised<Identity> {
  if (Effect.isEffect(source)) return promised(source, createAuth, options)
  const { telemetry, ...others } = options ?? {}
  return promised(fromConfig(source, others), createAuth, telemetry === undefined ? undefined : { telemetry })
}
