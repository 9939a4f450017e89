/** The standard transport of the platform, for applications that wrap it. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeTransport } from "#transport"
import type { Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import type { TransportOptions } from "./transport-options.ts"

/**
 * Makes the standard transport, which keeps connections open until the scope closes.
 *
 * @param options the origins without TLS, certificates, the proxy, and the maximum age of connections in milliseconds
 *
 * Fails with `InvalidConfig` (certificates that do not belong together, a wrong proxy variable of the environment).
 */
export const standardTransport: (options: TransportOptions) => Effect.Effect<Transport, Reason, Scope.Scope> =
  makeTransport
