/** The transport on Node: undici's clients, used through `dispatch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { memoizeLast } from "../../internal/memoize-last.ts"
import { closed, type Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import { checkOrigin, type TransportOptions } from "./allowed-origins.ts"
import { type Deadlines, makeDeadlines } from "./deadlines.ts"
import { proxyOf } from "./proxy.ts"
import { makeConnections, settings } from "./undici-connections.ts"
import { type Connections, send } from "./undici-exchange.ts"

export interface UndiciOptions extends TransportOptions {
  /** For tests: see `hangsAfter` in `undici-hanging.ts`, in milliseconds. */
  readonly hangsAfter?: number
}

/**
 * Makes a transport that keeps connections open until the scope closes.
 *
 * It uses the proxies of the environment variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
 */
export const makeTransport = (options: UndiciOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(
        (): Origins => ({
          targetOf: memoizeLast((url) => targetOf(url, options)),
          connections: new Map(),
          deadlines: makeDeadlines(),
          hangsAfter: options.hangsAfter,
          isClosed: false,
        }),
      ),
      (origins) =>
        Effect.promise(() => {
          origins.isClosed = true
          return Promise.all(Array.from(origins.connections.values(), (connections) => connections.close()))
        }),
    ),
    (origins): Transport => ({
      send: (request) => {
        if (origins.isClosed) return Effect.fail(closed)
        const target = origins.targetOf(request.url)
        if ("_tag" in target) return Effect.fail(target)
        const { origin, path } = target
        const existing = origins.connections.get(origin)
        if (existing !== undefined) return send(origins.deadlines, existing, origin, path, request)
        return Effect.flatMap(connectionsTo(origins, origin), (opened) =>
          send(origins.deadlines, opened, origin, path, request),
        )
      },
    }),
  )

/** Where a request goes. A fragment is not part of a request. */
interface Target {
  readonly origin: string
  readonly path: string
}

const targetOf = (url: string, options: TransportOptions): Target | Reason => {
  const reason = checkOrigin(url, options)
  if (reason !== undefined) return reason
  const { origin, pathname, search } = new URL(url)
  return { origin, path: pathname + search }
}

/** The origins that a transport is connected to. */
interface Origins {
  readonly targetOf: (url: string) => Target | Reason
  readonly connections: Map<string, Connections>
  readonly deadlines: Deadlines
  readonly hangsAfter: number | undefined
  isClosed: boolean
}

/** Returns the connections to an origin. The first request to it makes them. */
const connectionsTo = (origins: Origins, origin: string): Effect.Effect<Connections, Reason> =>
  Effect.flatMap(connector, (connect) => {
    if (origins.isClosed) return Effect.fail(closed)
    const connections = origins.connections.get(origin) ?? connect(origin, origins.hangsAfter)
    origins.connections.set(origin, connections)
    return Effect.succeed(connections)
  })

/** Makes connections to an origin, or to the proxy of the environment. */
const connector = Effect.suspend((): Effect.Effect<(origin: string, hangsAfter: number | undefined) => Connections> => {
  const { env } = process
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy
  if (!proxy) return Effect.succeed(makeConnections)
  return Effect.promise(async () => {
    const { EnvHttpProxyAgent } = await import("undici")
    return (origin) => {
      const agent = new EnvHttpProxyAgent(settings)
      return {
        proxy: proxyOf(origin, env),
        dispatch: (exchange) => {
          agent.dispatch(exchange, exchange)
        },
        close: () => agent.destroy(),
      }
    }
  })
})
