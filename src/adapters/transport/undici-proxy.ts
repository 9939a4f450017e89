/** The connections to one origin through a proxy, with undici's own pool, which supports tunnels. */
import type { SecureContext } from "node:tls"
import { EnvHttpProxyAgent } from "undici"
import type { ProxyServer } from "../../internal/proxy-refusal.ts"
import { areTimersFake, monotonicNow } from "../../internal/real-timers.ts"
import { closed } from "../../ports/errors.ts"
import type { ProxySettings } from "./proxy-settings.ts"
import { defaultMaxAge } from "./transport-options.ts"
import { mostSockets as mostByDefault, settings } from "./undici-connection.ts"
import type { ConnectionOptions } from "./undici-connections.ts"
import type { Connections } from "./undici-exchange.ts"

/**
 * Makes connections that go through the proxies of the settings, or directly to a host in `noProxy`.
 *
 * At their maximum age the connections are replaced together: those in use close after their exchanges.
 */
export const makeProxyConnections = (
  proxies: ProxySettings,
  server: ProxyServer | undefined,
  { secureContext, maxConnectionAge = defaultMaxAge, mostSockets = mostByDefault }: ConnectionOptions,
): Connections => {
  const openAgent = () => agentOf(proxies, secureContext, mostSockets)
  let current = openAgent()
  let openedAt = monotonicNow()
  const agents = new Set([current])
  let isClosed = false

  const replace = (): void => {
    const former = current
    current = openAgent()
    openedAt = monotonicNow()
    agents.add(current)
    former.close().then(
      () => agents.delete(former),
      () => agents.delete(former),
    )
  }

  return {
    proxy: server,
    dispatch: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      // With fake timers undici would never use a connection again.
      if (areTimersFake() || monotonicNow() - openedAt >= maxConnectionAge) replace()
      if (!exchange.isUrgent) return void current.dispatch(exchange, exchange)
      // An own request does not wait behind the requests of callers, which may hold every connection.
      const own = openAgent()
      agents.add(own)
      own.dispatch(exchange, exchange)
      own.close().then(
        () => agents.delete(own),
        () => agents.delete(own),
      )
    },
    close: () => {
      isClosed = true
      const ended = Promise.all(Array.from(agents, (agent) => agent.destroy()))
      return areTimersFake() ? Promise.resolve() : ended
    },
  }
}

const agentOf = (
  proxies: ProxySettings,
  secureContext: SecureContext | undefined,
  connections: number,
): EnvHttpProxyAgent =>
  new EnvHttpProxyAgent({
    ...settings,
    connections,
    ...proxies,
    ...(secureContext !== undefined && { requestTls: { secureContext }, connect: { secureContext } }),
  })
