/** One request and its response, with undici's `dispatch`. */
import type { IncomingHttpHeaders } from "node:http"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Dispatcher } from "undici"
import type { DeadlineEntry, Deadlines } from "../../internal/deadlines.ts"
import { type ProxyServer, proxyRefusal } from "../../internal/proxy-refusal.ts"
import { monotonicNow } from "../../internal/real-timers.ts"
import type { Reason } from "../../ports/errors.ts"
import type { TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { compressed, reasonOf, timedOut, tooLarge } from "./allowed-origins.ts"
import { decodeBody, joinedHeaders, UndiciResponse } from "./undici-response.ts"

/** The connections to one origin. */
export interface Connections {
  /** The proxy between this machine and the origin, if there is one. */
  readonly proxy?: ProxyServer | undefined
  readonly dispatch: (exchange: Exchange) => void
  /** Ends the exchanges that are in progress or queued. */
  readonly close: () => Promise<unknown>
}

/** A connection, with one exchange at a time. */
export interface Connection {
  /** Whether its last exchange ended with a complete response. */
  isReusable: boolean
  /** When its exchange began, by `performance.now()` in milliseconds; infinite without one. */
  busySince: number
  readonly dispatch: (exchange: Exchange) => void
  /** Called when its exchange has ended: `ok` with a complete response. */
  readonly onClose: (ok: boolean) => void
  /** Closes its socket. */
  readonly close: () => Promise<unknown>
}

/** Sends a request to a path of an origin and reads the response. Interruption closes the socket. */
export const send = (
  deadlines: Deadlines,
  connections: Connections,
  origin: string,
  path: string,
  request: TransportRequest,
): Effect.Effect<TransportResponse, Reason> =>
  Effect.callback((resume) => {
    const exchange = new Exchange(origin, path, request, deadlines, resume, connections.proxy)
    connections.dispatch(exchange)
    return Effect.sync(() => exchange.abandon())
  })

/**
 * One request in progress: undici's options, undici's handler, and a deadline.
 *
 * A class, so that its methods are created once for all requests, and because V8 allocates literals of this lifetime in
 * the old generation (decision 0017).
 */
export class Exchange implements Dispatcher.DispatchOptions, Dispatcher.DispatchHandler, DeadlineEntry {
  readonly origin: string
  readonly path: string
  readonly method: TransportRequest["method"]
  readonly headers: TransportRequest["headers"]
  body: string | null
  readonly isUrgent: boolean
  readonly dueAt: number
  previous: DeadlineEntry | undefined
  next: DeadlineEntry | undefined
  connection: Connection | undefined
  readonly #timeout: number
  readonly #maxBytes: number
  #resume: ((exit: Exit.Exit<TransportResponse, Reason>) => void) | undefined
  readonly #deadlines: Deadlines
  readonly #proxy: ProxyServer | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Readonly<Record<string, string>> = noHeaders
  #chunks: Buffer | Array<Buffer> | undefined
  #size = 0

  constructor(
    origin: string,
    path: string,
    request: TransportRequest,
    deadlines: Deadlines,
    resume: (exit: Exit.Exit<TransportResponse, Reason>) => void,
    proxy?: ProxyServer,
  ) {
    this.origin = origin
    this.path = path
    this.method = request.method
    this.headers = request.headers
    this.body = request.body ?? null
    this.isUrgent = request.urgent === true
    this.dueAt = monotonicNow() + request.timeout
    this.#timeout = request.timeout
    this.#maxBytes = request.maxBytes
    this.#resume = resume
    this.#deadlines = deadlines
    this.#proxy = proxy
    deadlines.add(this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The exchange was abandoned while its connection was being opened. Nothing has been written, and throwing here
    // leaves the connection open for other exchanges.
    if (this.isOver) throw abandoned
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // An interim response (1xx): the final one follows.
    if (status < 200) return
    this.#status = status
    this.#headers = joinedHeaders(headers)
    const maxBytes = this.#maxBytes
    if (status === 407) this.stop(proxyRefusal(status, this.#proxy))
    else if (Number(this.#headers["content-length"]) > maxBytes) this.stop(tooLarge(status, maxBytes))
    else if ((this.#headers["content-encoding"] ?? "identity") !== "identity") this.stop(compressed(status))
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#maxBytes) this.stop(tooLarge(this.#status, this.#maxBytes))
    else if (this.#chunks === undefined) this.#chunks = chunk
    else if (Array.isArray(this.#chunks)) this.#chunks.push(chunk)
    else this.#chunks = [this.#chunks, chunk]
  }

  onResponseEnd(): void {
    this.#release(true)
    this.#complete(Exit.succeed(new UndiciResponse(this.#status, this.#headers, decodeBody(this.#chunks))))
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#release(false)
    this.#complete(Exit.fail(reasonOf(error, this.#proxy)))
  }

  /** Whether the exchange has ended or was abandoned. */
  get isOver(): boolean {
    return this.#resume === undefined
  }

  /** Fails the exchange, and closes the socket. */
  stop(reason: Reason): void {
    this.#complete(Exit.fail(reason))
    this.#controller?.abort(abandoned)
  }

  expire(): void {
    if (!this.isOver) this.stop(timedOut(this.#timeout))
  }

  /** Ends the exchange without a result, and closes the socket. */
  abandon(): void {
    this.#end()
    this.#controller?.abort(abandoned)
  }

  /** Releases the connection. Later calls have no effect, because undici may report the end twice. */
  #release(ok: boolean): void {
    const connection = this.connection
    this.connection = undefined
    connection?.onClose(ok)
  }

  #complete(exit: Exit.Exit<TransportResponse, Reason>): void {
    const resume = this.#resume
    this.#end()
    resume?.(exit)
  }

  /** Releases what the exchange references: it may stay in the queue for a while. */
  #end(): void {
    this.#resume = undefined
    this.body = null
    this.#deadlines.remove(this)
  }
}

const noHeaders = {}

/** One error for all exchanges: the stack of an abort is useless, and capturing it costs more than the abort. */
const abandoned = new Error("abandoned")
