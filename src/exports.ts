/** What the Promise API and the Effect API both export. */

export type { AdapterOptions } from "./adapters/oidc/definition.ts"
export { standardTransport } from "./adapters/transport/standard.ts"
export type { TlsFiles, TransportOptions } from "./adapters/transport/transport-options.ts"
export { hasScopes } from "./core/has-scopes.ts"
export { tokensFromJson } from "./core/tokens-from-json.ts"
export type * from "./ports/call.ts"
export type * from "./ports/clients.ts"
export type * from "./ports/connected-apps.ts"
export type * from "./ports/consent.ts"
export type * from "./ports/duration.ts"
export type { CallbackCheck, Issue, Reason, TokenCheck } from "./ports/errors.ts"
export { AuthError } from "./ports/errors.ts"
export type { ExplainedCheck, Explanation } from "./ports/explanation.ts"
export type * from "./ports/fleet.ts"
export type {
  CircuitHealth,
  DocumentHealth,
  FleetHealth,
  Health,
  HealthOptions,
  HealthStatus,
  KeySetHealth,
  OriginHealth,
} from "./ports/health.ts"
export type * from "./ports/introspection.ts"
export type * from "./ports/issuance.ts"
export type { Log, LogEvent } from "./ports/log.ts"
export type * from "./ports/metadata.ts"
export type { AnyProvider, Identity, Operation, Operations, Provider } from "./ports/provider.ts"
export { supports } from "./ports/provider.ts"
export type * from "./ports/registration.ts"
export type * from "./ports/session.ts"
export type { LoggedEvent, SeriesAttributes, Telemetry } from "./ports/telemetry.ts"
export type * from "./ports/token-exchange.ts"
export type * from "./ports/transport.ts"
export type * from "./ports/trust.ts"
export type { User, UserInfoOptions } from "./ports/userinfo.ts"
