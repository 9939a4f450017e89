/** The transport on Bun: its `fetch`, which takes certificates and a proxy. Bun replaces undici by a part of it. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import { fetchTransport } from "./fetch.ts"
import { only, proxyFor, proxySettings } from "./proxy-settings.ts"
import type { TransportOptions } from "./transport-options.ts"

/** Makes a transport that uses Bun's `fetch`. Closing the scope ends the exchanges in progress. */
export const makeTransport = (options: TransportOptions): Effect.Effect<Transport, Reason, Scope.Scope> => {
  const { tls, proxy } = options
  const proxies = proxy === undefined ? proxySettings(process.env) : only(proxy)
  if ("issues" in proxies) return fetchTransport(options, () => ({}), proxies.issues)
  return fetchTransport(options, (url) => {
    const chosen = proxyFor(url, proxies)
    // An empty text turns off Bun's own reading of the environment.
    return { ...(tls !== undefined && { tls }), proxy: chosen ?? "" }
  })
}
