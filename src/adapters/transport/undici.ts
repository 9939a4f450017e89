/** The transport on Node: undici's clients, used through `dispatch`. */
import { X509Certificate } from "node:crypto"
import { createSecureContext, type SecureContext } from "node:tls"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Deadlines, makeDeadlines } from "../../internal/deadlines.ts"
import { memoizeLast } from "../../internal/memoize-last.ts"
import type { ProxyServer } from "../../internal/proxy-refusal.ts"
import { closed, type Reason } from "../../ports/errors.ts"
import type { Transport } from "../../ports/transport.ts"
import { checkOrigin } from "./allowed-origins.ts"
import { proxyOf } from "./proxy.ts"
import { normalized, only, type ProxySettings, proxyFor, proxySettings } from "./proxy-settings.ts"
import type { TlsFiles, TransportOptions } from "./transport-options.ts"
import { makeConnections } from "./undici-connections.ts"
import { type Connections, send } from "./undici-exchange.ts"
import { makeProxyConnections } from "./undici-proxy.ts"

export interface UndiciOptions extends TransportOptions {
  /** For tests: see `hangsAfter` in `undici-hanging.ts`, in milliseconds. */
  readonly hangsAfter?: number
  /** For tests: the number of sockets per origin, with those that hang. */
  readonly mostSockets?: number
}

/**
 * Makes a transport that keeps connections open until the scope closes.
 *
 * It uses the `proxy` of its options, or the proxies of the environment variables `HTTP_PROXY`, `HTTPS_PROXY` and
 * `NO_PROXY`. Fails with `InvalidConfig` if one of these variables is wrong.
 */
export const makeTransport = (options: UndiciOptions): Effect.Effect<Transport, Reason, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.map(
        Effect.suspend(() => connector(options)),
        (connect): Origins => ({
          targetOf: memoizeLast((url) => targetOf(url, options)),
          connect,
          connections: new Map(),
          deadlines: makeDeadlines(),
          isClosed: false,
        }),
      ),
      (origins) =>
        Effect.promise(async () => {
          origins.isClosed = true
          await Promise.all(Array.from(origins.connections.values(), (connections) => connections.close()))
        }),
    ),
    (origins): Transport => ({
      send: (request) => {
        if (origins.isClosed) return Effect.fail(closed)
        const target = origins.targetOf(request.url)
        if ("_tag" in target) return Effect.fail(target)
        const { origin, path } = target
        return send(origins.deadlines, connectionsTo(origins, origin), origin, path, request)
      },
    }),
  )

/** The target of a request. A fragment is not part of a request. */
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

type Connect = (origin: string) => Connections

/** The origins that a transport is connected to. */
interface Origins {
  readonly targetOf: (url: string) => Target | Reason
  readonly connect: Connect
  readonly connections: Map<string, Connections>
  readonly deadlines: Deadlines
  isClosed: boolean
}

/** Returns the connections to an origin. The first request to it makes them. */
const connectionsTo = (origins: Origins, origin: string): Connections => {
  const existing = origins.connections.get(origin)
  if (existing !== undefined) return existing
  const connections = origins.connect(origin)
  origins.connections.set(origin, connections)
  return connections
}

/** Makes connections to an origin, directly or through a proxy. */
const connector = (options: UndiciOptions): Effect.Effect<Connect, Reason> => {
  const { proxy, tls, maxConnectionAge, hangsAfter, mostSockets } = options
  const proxies = proxy === undefined ? proxySettings(process.env) : only(proxy)
  if ("issues" in proxies) return Effect.fail({ _tag: "InvalidConfig", issues: proxies.issues })
  const isDirect = proxies.httpProxy === "" && proxies.httpsProxy === ""
  return Effect.map(secureContextOf(tls), (secureContext): Connect => {
    const connection = { secureContext, maxConnectionAge, hangsAfter, mostSockets }
    return isDirect
      ? (origin) => makeConnections(origin, connection)
      : (origin) => makeProxyConnections(proxies, serverOf(origin, proxies, proxy), connection)
  })
}

/** The proxy for an origin, for messages: that of the configuration, or that of the environment. */
const serverOf = (origin: string, proxies: ProxySettings, configured: string | undefined): ProxyServer | undefined => {
  if (proxyFor(origin, proxies) === undefined) return undefined
  return configured === undefined
    ? proxyOf(origin, normalized(process.env))
    : { origin: new URL(configured).origin, variable: "proxy" }
}

/** Parses certificates and keys. The error of OpenSSL is reduced to its code: it may quote the key. */
const secureContextOf = (tls: TlsFiles | undefined): Effect.Effect<SecureContext | undefined, Reason> => {
  if (tls === undefined) return Effect.succeed(undefined)
  const { ca, cert, key } = tls
  return Effect.try({
    try: () => {
      // OpenSSL ignores authorities that it cannot read.
      for (const each of [ca ?? []].flat()) new X509Certificate(each)
      return createSecureContext({
        ...(ca !== undefined && { ca: typeof ca === "string" ? ca : [...ca] }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      })
    },
    catch: (error): Reason => {
      const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : ""
      const message = `expected certificates and a key that belong together, in PEM; OpenSSL rejects them${code}`
      return { _tag: "InvalidConfig", issues: [{ path: "tls", message }] }
    },
  })
}
