/** The door to the network on Node: undici's clients, used through `dispatch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { memoizeLast } from "../../internal/memoize-last.ts"
import { closed, type Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import { refuseOrigin, type TransportOptions } from "./allowed-origins.ts"
import { type Deadlines, makeDeadlines } from "./deadlines.ts"
import { makeConnections, settings } from "./undici-connections.ts"
import { type Connections, exchange } from "./undici-exchange.ts"

/**
 * Makes a door that keeps connections open until the scope closes.
 *
 * The environment's `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured.
 */
export const makeTransport = (options: TransportOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(
        (): Door => ({
          targetOf: memoizeLast((url) => targetOf(url, options)),
          origins: new Map(),
          deadlines: makeDeadlines(),
          closed: false,
        }),
      ),
      (door) =>
        Effect.promise(() => {
          door.closed = true
          return Promise.all(Array.from(door.origins.values(), (connections) => connections.close()))
        }),
    ),
    (door): Transport => ({
      send: (request) => {
        if (door.closed) return Effect.fail(closed)
        const target = door.targetOf(request.url)
        if ("_tag" in target) return Effect.fail(target)
        const { origin, path } = target
        const known = door.origins.get(origin)
        if (known !== undefined) return exchange(door.deadlines, known, origin, path, request)
        return Effect.flatMap(connectionsTo(door, origin), (made) =>
          exchange(door.deadlines, made, origin, path, request),
        )
      },
    }),
  )

/** Where a request goes; without a fragment, which is for the reader of a page. */
interface Target {
  readonly origin: string
  readonly path: string
}

const targetOf = (url: string, options: TransportOptions): Target | Reason => {
  const refused = refuseOrigin(url, options)
  if (refused !== undefined) return refused
  const { origin, pathname, search } = new URL(url)
  return { origin, path: pathname + search }
}

interface Door {
  readonly targetOf: (url: string) => Target | Reason
  readonly origins: Map<string, Connections>
  readonly deadlines: Deadlines
  closed: boolean
}

/** The connections to an origin, made by the first request to it. */
const connectionsTo = (door: Door, origin: string): Effect.Effect<Connections, Reason> =>
  Effect.flatMap(opener, (open) => {
    if (door.closed) return Effect.fail(closed)
    const connections = door.origins.get(origin) ?? open(origin)
    door.origins.set(origin, connections)
    return Effect.succeed(connections)
  })

/** What opens connections: to an origin, or to the proxy that the environment names. */
const opener = Effect.suspend((): Effect.Effect<(origin: string) => Connections> => {
  const { env } = process
  const proxied = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy
  if (!proxied) return Effect.succeed(makeConnections)
  return Effect.promise(async () => {
    const { EnvHttpProxyAgent } = await import("undici")
    return () => {
      const agent = new EnvHttpProxyAgent(settings)
      return {
        carry: (exchange) => {
          agent.dispatch(exchange, exchange)
        },
        close: () => agent.destroy(),
      }
    }
  })
})
