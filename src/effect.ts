/** The entry of the Effect API. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import {
  type Config,
  type ConfigOptions,
  type EnvOptions,
  fromConfig,
  type OwnAdapter,
  type OwnConfig,
} from "./config.ts"
import { fromConfigProvider } from "./config-provider.ts"
import { type AuthShape, makeAuth, type PartialAuth, testAuth } from "./core/auth.ts"
import { compose } from "./core/policies/compose.ts"
import { type Streamed, withStreams } from "./core/streams.ts"
import type { AuthError } from "./ports/errors.ts"
import type { Identity } from "./ports/provider.ts"

export type { Config, ConfigOptions, OwnAdapter, OwnConfig } from "./config.ts"
export { type Configured, type EnvOptions, fromConfig, fromEnv } from "./config.ts"
export type { AuthShape, PartialAuth } from "./core/auth.ts"
export { type AnyMethod, overOperations } from "./core/over-operations.ts"
export type { Streamed } from "./core/streams.ts"
export * from "./exports.ts"
export type { Explainable } from "./ports/explanation.ts"
export type { Checkable } from "./ports/health.ts"

/** An effect that makes a provider, as adapters and `fromEnv` return it. */
type Make<P extends Identity> = Effect.Effect<P, AuthError, Scope.Scope>

// Marked as pure, so that a bundler leaves out `Auth`, and with it the adapters, where a program uses `make`.
const service = /* @__PURE__ */ Context.Service<Auth, AuthShape>()

/**
 * The service of an application's identity vendor.
 *
 * It has every operation. An operation that the vendor lacks fails with `UnsupportedOperation`. Lists are streams.
 */
export class Auth extends /* @__PURE__ */ service("latchkey/Auth") {
  /**
   * Provides the service from a provider (`ory({ ... })`, `fromEnv(process.env)`) or a configuration.
   *
   * @param options for a configuration: `transport`, `fleet`, and `adapters` of your own, which `provider` may name too
   *
   * Fails with `InvalidConfig`, listing every problem.
   */
  static readonly layer = <Own extends OwnAdapter = never>(
    source: Make<Identity> | Config | OwnConfig<Own>,
    options?: ConfigOptions<Own>,
  ): Layer.Layer<Auth, AuthError> =>
    Layer.effect(Auth, makeAuth(Effect.isEffect(source) ? source : fromConfig(source, options)))

  /**
   * Provides the service from Effect's `ConfigProvider`, which has the variables of `fromEnv`: `LATCHKEY_PROVIDER`,
   * `LATCHKEY_CLIENT_ID` and so on. By default that is the process's environment.
   *
   * @param options those of `fromEnv`: `prefix`, `adapters`, `log`, `transport`, `fleet`
   *
   * Fails with `InvalidConfig`, listing every problem by the name of its variable.
   */
  static readonly layerConfig = (options: EnvOptions = {}): Layer.Layer<Auth, AuthError> =>
    Layer.effect(Auth, makeAuth(fromConfigProvider(options)))

  /** Provides some operations, for your own tests. Every other operation fails with `UnsupportedOperation`. */
  static readonly layerTest = (partial: PartialAuth): Layer.Layer<Auth> => Layer.succeed(Auth, testAuth(partial))
}

/** Makes a client with exactly one vendor's operations. Lists are streams. The scope closes the client. */
export const make = <P extends Identity>(provider: Make<P>): Effect.Effect<Streamed<P>, AuthError, Scope.Scope> =>
  Effect.map(provider, (exact) => {
    exact.events?.useEffectLogger()
    return withStreams(compose(exact), exact)
  })
