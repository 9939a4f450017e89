/** The entry of the Promise API for a vendor that is chosen in code: it loads the adapter that you import, and no other. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Promised, promised } from "./core/promise.ts"
import type { AuthError } from "./ports/errors.ts"
import type { Identity } from "./ports/provider.ts"

export type { AdapterOptions } from "./adapters/oidc/definition.ts"
export { standardTransport } from "./adapters/transport/standard.ts"
export type { TlsFiles, TransportOptions } from "./adapters/transport/transport-options.ts"
export { hasScopes } from "./core/has-scopes.ts"
export type { Abortable, Closeable, Explaining, Promised } from "./core/promise.ts"
export { tokensFromJson } from "./core/tokens-from-json.ts"
export type * from "./ports/call.ts"
export type * from "./ports/clients.ts"
export type * from "./ports/connected-apps.ts"
export type * from "./ports/consent.ts"
export type * from "./ports/duration.ts"
export type { CallbackCheck, Issue, Reason, TokenCheck } from "./ports/errors.ts"
export { AuthError } from "./ports/errors.ts"
export type { ExplainedCheck, Explanation } from "./ports/explanation.ts"
export type * from "./ports/introspection.ts"
export type * from "./ports/issuance.ts"
export type { Log, LogEvent } from "./ports/log.ts"
export type * from "./ports/metadata.ts"
export type { AnyProvider, Identity, Operation, Operations, Provider } from "./ports/provider.ts"
export { supports } from "./ports/provider.ts"
export type * from "./ports/registration.ts"
export type * from "./ports/session.ts"
export type * from "./ports/token-exchange.ts"
export type * from "./ports/transport.ts"
export type * from "./ports/trust.ts"
export type { User, UserInfoOptions } from "./ports/userinfo.ts"

/**
 * Makes the client of one vendor from its provider, such as `ory({ ... })`. It has exactly that vendor's operations.
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if the configuration is wrong. Sends no request before
 * the first call. Call `close()` at the end.
 */
export const createAuth = <P extends Identity>(provider: Effect.Effect<P, AuthError, Scope.Scope>): Promised<P> =>
  promised(provider, createAuth)
