/** The door to the network on Node: one undici pool per origin, used through `dispatch`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici"
import type { Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { type DoorOptions, failureBelow, refuseOrigin, timedOut, tooLarge } from "./policy.ts"

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
      Effect.sync(() => new Map<string, Dispatcher>()),
      (pools) => Effect.promise(() => Promise.all(Array.from(pools.values(), (pool) => pool.destroy()))),
    ),
    (pools): Transport => ({
      send: (request) => {
        const slash = request.url.indexOf("/", "https://".length)
        const origin = slash === -1 ? request.url : request.url.slice(0, slash)
        let pool = pools.get(origin)
        if (pool === undefined) {
          const refused = refuseOrigin(request.url, options)
          if (refused !== undefined) return Effect.fail(refused)
          pools.set(origin, (pool = open(origin)))
        }
        return exchange(pool, origin, slash === -1 ? "/" : request.url.slice(slash), request)
      },
    }),
  )

const open = (origin: string): Dispatcher => {
  const { env } = process
  const proxied = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy
  // Both time-outs of undici are off: they count per phase and per chunk, and the door's deadline bounds the whole.
  const timing = { headersTimeout: 0, bodyTimeout: 0 }
  return proxied ? new EnvHttpProxyAgent({ connections, ...timing }) : new Pool(origin, { connections, ...timing })
}

const exchange = (pool: Dispatcher, origin: string, path: string, request: TransportRequest) =>
  Effect.callback<TransportResponse, Reason>((resume) => {
    let controller: Dispatcher.DispatchController | undefined
    let settled = false
    let status = 0
    let headers: Readonly<Record<string, string>> = {}
    let chunks: Buffer | Array<Buffer> | undefined
    let size = 0

    const settle = (exit: Exit.Exit<TransportResponse, Reason>) => {
      if (settled) return
      settled = true
      clearTimeout(deadline)
      resume(exit)
    }
    const stop = (reason: Reason) => {
      settle(Exit.fail(reason))
      controller?.abort(abandoned)
    }
    const deadline = setTimeout(() => stop(timedOut(request.timeout)), request.timeout)

    try {
      pool.dispatch(
        { origin, path, method: request.method, headers: request.headers, body: request.body ?? null },
        {
          onRequestStart: (started) => {
            controller = started
            if (settled) started.abort(abandoned)
          },
          onResponseStart: (_, code, received) => {
            status = code
            headers = flat(received)
            if (Number(headers["content-length"]) > request.maxBytes) stop(tooLarge(status, request.maxBytes))
          },
          onResponseData: (_, chunk) => {
            size += chunk.length
            if (size > request.maxBytes) return stop(tooLarge(status, request.maxBytes))
            if (chunks === undefined) chunks = chunk
            else if (Array.isArray(chunks)) chunks.push(chunk)
            else chunks = [chunks, chunk]
          },
          onResponseEnd: () => settle(Exit.succeed({ status, headers, body: text(chunks) })),
          onResponseError: (_, error) => settle(Exit.fail(failureBelow(error))),
        },
      )
    } catch (error) {
      settle(Exit.fail(failureBelow(error)))
    }
    return Effect.sync(() => {
      settled = true
      clearTimeout(deadline)
      controller?.abort(abandoned)
    })
  })

/** One for all: the stack of an abort tells nothing, and making one costs more than the abort. */
const abandoned = new Error("abandoned")

const text = (chunks: Buffer | Array<Buffer> | undefined): string =>
  chunks === undefined ? "" : Array.isArray(chunks) ? Buffer.concat(chunks).toString("utf8") : chunks.toString("utf8")

const flat = (headers: Record<string, string | ReadonlyArray<string> | undefined>): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) out[name] = typeof value === "string" ? value : value.join(", ")
  }
  return out
}
