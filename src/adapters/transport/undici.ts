/// <reference path="./undici-pool.d.ts" />
/** The door to the network on Node: one undici pool per origin, used through `dispatch`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Dispatcher } from "undici"
// The whole of undici takes more than twice as long to load, and is needed for proxies only.
import Pool from "undici/lib/dispatcher/pool.js"
import type { Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import { type Deadlines, makeDeadlines } from "./deadlines.ts"
import { closed, type DoorOptions, refuseOrigin } from "./policy.ts"
import { exchange } from "./undici-exchange.ts"

/** How many sockets one origin may have; further requests wait, within their deadline. */
const connections = 128

/**
 * Makes a door that keeps connections open until the scope closes.
 *
 * The environment's `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured.
 */
export const makeTransport = (options: DoorOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync((): Door => ({ pools: new Map(), deadlines: makeDeadlines(), closed: false })),
      (door) =>
        Effect.promise(() => {
          door.closed = true
          return Promise.all(Array.from(door.pools.values(), (pool) => pool.destroy()))
        }),
    ),
    (door): Transport => ({
      send: (request) => {
        if (door.closed) return Effect.fail(closed)
        const { url } = request
        const slash = url.indexOf("/", "https://".length)
        const pool = slash === -1 || !written.test(url) ? undefined : door.pools.get(url.slice(0, slash))
        if (pool !== undefined)
          return exchange(door.deadlines, pool, url.slice(0, slash), withoutFragment(url.slice(slash)), request)
        const refused = refuseOrigin(url, options)
        if (refused !== undefined) return Effect.fail(refused)
        const { origin, pathname, search } = new URL(url)
        return Effect.flatMap(poolFor(door, origin), (pool) =>
          exchange(door.deadlines, pool, origin, pathname + search, request),
        )
      },
    }),
  )

/** A URL that need not be rewritten before it is sent. */
const written = /^[\x21-\x7e]*$/

interface Door {
  readonly pools: Map<string, Dispatcher>
  readonly deadlines: Deadlines
  closed: boolean
}

/** The pool of an origin, opened by the first request to it. */
const poolFor = (door: Door, origin: string): Effect.Effect<Dispatcher, Reason> =>
  Effect.flatMap(opener, (open) => {
    if (door.closed) return Effect.fail(closed)
    const pool = door.pools.get(origin) ?? open(origin)
    door.pools.set(origin, pool)
    return Effect.succeed(pool)
  })

/** A fragment is for the reader of a page, never for the server. */
const withoutFragment = (path: string): string => {
  const hash = path.indexOf("#")
  return hash === -1 ? path : path.slice(0, hash)
}

/** Both time-outs of undici are off: they count per phase and per chunk, and the door's deadline bounds the whole. */
const limits = { connections, headersTimeout: 0, bodyTimeout: 0 }

/** What opens a pool: for an origin, or for the proxy that the environment names. */
const opener = Effect.suspend((): Effect.Effect<(origin: string) => Dispatcher> => {
  const { env } = process
  const proxied = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy
  if (!proxied) return Effect.succeed((origin) => new Pool(origin, limits))
  return Effect.promise(async () => {
    const { EnvHttpProxyAgent } = await import("undici")
    return () => new EnvHttpProxyAgent(limits)
  })
})
