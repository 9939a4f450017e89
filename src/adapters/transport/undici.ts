/// <reference path="./undici-pool.d.ts" />
/** The door to the network on Node: one undici pool per origin, used through `dispatch`. */
import { isAscii } from "node:buffer"
import type { IncomingHttpHeaders } from "node:http"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { Dispatcher } from "undici"
// The whole of undici takes more than twice as long to load, and is needed for proxies only.
import Pool from "undici/lib/dispatcher/pool.js"
import type { Reason } from "../../ports/errors.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { type Deadlines, makeDeadlines, type Waiting } from "./deadlines.ts"
import { closed, type DoorOptions, encoded, failureBelow, refuseOrigin, timedOut, tooLarge } from "./policy.ts"

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
          return exchange(door, pool, url.slice(0, slash), withoutFragment(url.slice(slash)), request)
        const refused = refuseOrigin(url, options)
        if (refused !== undefined) return Effect.fail(refused)
        const { origin, pathname, search } = new URL(url)
        return Effect.flatMap(poolFor(door, origin), (pool) => exchange(door, pool, origin, pathname + search, request))
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

const exchange = ({ deadlines }: Door, pool: Dispatcher, origin: string, path: string, request: TransportRequest) =>
  Effect.callback<TransportResponse, Reason>((resume) => {
    const handler = new Exchange(request, deadlines, resume)
    pool.dispatch(
      { origin, path, method: request.method, headers: request.headers, body: request.body ?? null },
      handler,
    )
    return Effect.sync(() => handler.abandon())
  })

/** One request under way. A class, for undici calls it as one and its methods are then made once for all requests. */
class Exchange implements Dispatcher.DispatchHandler, Waiting {
  readonly #request: TransportRequest
  readonly #resume: (exit: Exit.Exit<TransportResponse, Reason>) => void
  readonly #deadlines: Deadlines
  readonly due: number
  before: Waiting | undefined
  after: Waiting | undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: Readonly<Record<string, string>> = {}
  #chunks: Buffer | Array<Buffer> | undefined
  #size = 0

  constructor(
    request: TransportRequest,
    deadlines: Deadlines,
    resume: (exit: Exit.Exit<TransportResponse, Reason>) => void,
  ) {
    this.#request = request
    this.#resume = resume
    this.#deadlines = deadlines
    this.due = performance.now() + request.timeout
    deadlines.add(this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // It was abandoned while it waited for a socket: nothing has been written yet.
    if (this.#settled) controller.abort(abandoned)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // An interim answer (1xx); the real one follows.
    if (status < 200) return
    this.#status = status
    this.#headers = flat(headers)
    const { maxBytes } = this.#request
    if (Number(this.#headers["content-length"]) > maxBytes) this.stop(tooLarge(status, maxBytes))
    else if ((this.#headers["content-encoding"] ?? "identity") !== "identity") this.stop(encoded(status))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#request.maxBytes) this.stop(tooLarge(this.#status, this.#request.maxBytes))
    else if (this.#chunks === undefined) this.#chunks = chunk
    else if (Array.isArray(this.#chunks)) this.#chunks.push(chunk)
    else this.#chunks = [this.#chunks, chunk]
  }

  onResponseEnd(): void {
    this.#settle(Exit.succeed({ status: this.#status, headers: this.#headers, body: text(this.#chunks) }))
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#settle(Exit.fail(failureBelow(error)))
  }

  /** Ends the exchange with a reason, and closes the socket. */
  stop(reason: Reason): void {
    this.#settle(Exit.fail(reason))
    this.#controller?.abort(abandoned)
  }

  expire(): void {
    if (!this.#settled) this.stop(timedOut(this.#request.timeout))
  }

  /** Nobody waits for it any more. */
  abandon(): void {
    this.#settled = true
    this.#deadlines.remove(this)
    this.#controller?.abort(abandoned)
  }

  #settle(exit: Exit.Exit<TransportResponse, Reason>): void {
    if (this.#settled) return
    this.#settled = true
    this.#deadlines.remove(this)
    this.#resume(exit)
  }
}

/** One for all: the stack of an abort tells nothing, and making one costs more than the abort. */
const abandoned = new Error("abandoned")

const text = (chunks: Buffer | Array<Buffer> | undefined): string => {
  if (chunks === undefined) return ""
  const bytes = Array.isArray(chunks) ? Buffer.concat(chunks) : chunks
  // The same text, in a third of the time.
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8")
}

const flat = (
  headers: Record<string, string | ReadonlyArray<string> | undefined>,
): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) out[name] = typeof value === "string" ? value : value.join(", ")
  }
  return out
}
