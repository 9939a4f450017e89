/** One request and its answer, through undici's `dispatch`. */
import type { IncomingHttpHeaders } from "node:http"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Dispatcher } from "undici"
import type { Reason } from "../../ports/errors.ts"
import type { TransportRequest, TransportResponse } from "../../ports/transport.ts"
import { encoded, failureBelow, timedOut, tooLarge } from "./allowed-origins.ts"
import type { Deadlines, Waiting } from "./deadlines.ts"
import { Answer, flat, text } from "./undici-answer.ts"

/** What carries exchanges to an origin. */
export interface Connections {
  readonly carry: (exchange: Exchange) => void
  /** Ends what is under way or waits. */
  readonly close: () => Promise<unknown>
}

/** What carries one exchange at a time. */
export interface Connection {
  /** Whether its last exchange ended well. */
  hasFullLength: boolean
  readonly carry: (exchange: Exchange) => void
  /** To be told when its exchange has ended, and whether it ended well. */
  readonly ended: (well: boolean) => void
}

/** Sends a request to a path of an origin and reads its answer; whoever gives up closes the socket. */
export const exchange = (
  deadlines: Deadlines,
  connections: Connections,
  origin: string,
  path: string,
  request: TransportRequest,
): Effect.Effect<TransportResponse, Reason> =>
  Effect.callback((resume) => {
    const mine = new Exchange(origin, path, request, deadlines, resume)
    connections.carry(mine)
    return Effect.sync(() => mine.abandon())
  })

/**
 * One request under way: what undici is to send, what it calls, and a link of the chain of those who wait. A class, for its
 * methods are then made once for all requests, and for the reason of decision 0017.
 */
export class Exchange implements Dispatcher.DispatchOptions, Dispatcher.DispatchHandler, Waiting {
  readonly origin: string
  readonly path: string
  readonly method: TransportRequest["method"]
  readonly headers: TransportRequest["headers"]
  body: string | null
  readonly due: number
  before: Waiting | undefined
  after: Waiting | undefined
  connection: Connection | undefined
  readonly #timeout: number
  readonly #maxBytes: number
  #resume: ((exit: Exit.Exit<TransportResponse, Reason>) => void) | undefined
  readonly #deadlines: Deadlines
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
  ) {
    this.origin = origin
    this.path = path
    this.method = request.method
    this.headers = request.headers
    this.body = request.body ?? null
    this.due = performance.now() + request.timeout
    this.#timeout = request.timeout
    this.#maxBytes = request.maxBytes
    this.#resume = resume
    this.#deadlines = deadlines
    deadlines.add(this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // It was abandoned while its connection was being opened. Nothing has been written yet, and what is thrown here leaves the
    // connection to others.
    if (this.over) throw abandoned
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // An interim answer (1xx); the real one follows.
    if (status < 200) return
    this.#status = status
    this.#headers = flat(headers)
    const maxBytes = this.#maxBytes
    if (Number(this.#headers["content-length"]) > maxBytes) this.stop(tooLarge(status, maxBytes))
    else if ((this.#headers["content-encoding"] ?? "identity") !== "identity") this.stop(encoded(status))
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
    this.#settle(Exit.succeed(new Answer(this.#status, this.#headers, text(this.#chunks))))
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#release(false)
    this.#settle(Exit.fail(failureBelow(error)))
  }

  /** Whether nobody waits for it any more. */
  get over(): boolean {
    return this.#resume === undefined
  }

  /** Ends the exchange with a reason, and closes the socket. */
  stop(reason: Reason): void {
    this.#settle(Exit.fail(reason))
    this.#controller?.abort(abandoned)
  }

  expire(): void {
    if (!this.over) this.stop(timedOut(this.#timeout))
  }

  /** Nobody waits for it any more. */
  abandon(): void {
    this.#end()
    this.#controller?.abort(abandoned)
  }

  /** Once, whatever undici tells afterwards. */
  #release(well: boolean): void {
    const connection = this.connection
    this.connection = undefined
    connection?.ended(well)
  }

  #settle(exit: Exit.Exit<TransportResponse, Reason>): void {
    const resume = this.#resume
    this.#end()
    resume?.(exit)
  }

  /** It may stay in the queue for a while; what it was asked to send does not. */
  #end(): void {
    this.#resume = undefined
    this.body = null
    this.#deadlines.remove(this)
  }
}

const noHeaders = {}

/** One for all: the stack of an abort tells nothing, and making one costs more than the abort. */
const abandoned = new Error("abandoned")
