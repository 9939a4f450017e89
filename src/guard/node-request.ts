/** Requests and responses of `node:http`, for the bindings whose frameworks use them. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { TLSSocket } from "node:tls"
import type { Reply } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"

/**
 * Reads a request.
 *
 * @param signal returns a signal that is aborted when the client disconnects
 * @param target path and query as the client sent them, if the framework changes `url`
 */
export const nodeRequest = (
  request: IncomingMessage,
  signal: () => AbortSignal,
  target = request.url ?? "/",
): GuardRequest => new NodeRequest(request, signal, target)

/** A class, because a private member is the only one that nothing prints. */
class NodeRequest implements GuardRequest {
  readonly method: string
  readonly target: string
  readonly header: GuardRequest["header"]
  readonly certificate: () => Uint8Array | undefined
  readonly remoteAddress: string | undefined
  readonly signal: () => AbortSignal
  readonly #raw: IncomingMessage

  constructor(request: IncomingMessage, signal: () => AbortSignal, target: string) {
    this.method = request.method ?? "GET"
    this.target = target
    this.header = (name) => headerOf(request, name)
    this.certificate = () => (request.socket as Partial<TLSSocket>).getPeerCertificate?.()?.raw
    this.remoteAddress = request.socket.remoteAddress
    this.signal = signal
    this.#raw = request
  }

  get raw(): object {
    return this.#raw
  }
}

/** The signal of each response: several checks of one request, or of one socket, add one listener. */
const signals = new WeakMap<object, AbortSignal>()

/**
 * Returns a function that always returns the same signal, which is aborted when the response or its connection ends. An
 * upgrade request has no response. A response of HTTP/2 that has closed does not emit `close` again.
 */
export const closedSignal = (response: ServerResponse | Duplex) => (): AbortSignal => {
  const known = signals.get(response)
  if (known !== undefined) return known
  const controller = new AbortController()
  signals.set(response, controller.signal)
  // The client may have disconnected before the signal is made.
  if (response.closed || response.destroyed) controller.abort()
  else response.once("close", () => controller.abort())
  return controller.signal
}

/** Requests that an adapter makes, such as one for AWS Lambda, have no lines. */
const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const { rawHeaders } = request
  // The first read of `headers` makes Node parse all lines, which takes longer than the search.
  return rawHeaders.length > 0 ? joinedLines(rawHeaders, name) : joinedValues(request.headers[name])
}

const joinedValues = (value: string | ReadonlyArray<string> = ""): string | undefined =>
  (typeof value === "string" ? value : value.join(", ")) || undefined

/** `headers` has only the first of two `Authorization` lines. */
const joinedLines = (lines: ReadonlyArray<string>, name: string): string | undefined => {
  let value: string | undefined
  for (let at = 0; at < lines.length; at += 2) {
    const line = lines[at]
    if (line?.length === name.length && line.toLowerCase() === name)
      value = value === undefined ? lines[at + 1] : `${value}, ${lines[at + 1]}`
  }
  return value
}

/** Writes a reply, unless the client has disconnected or the application has responded. */
export const writeReply = (response: ServerResponse, { status, headers, body }: Reply): void => {
  if (!response.headersSent && !response.destroyed) response.writeHead(status, headers).end(body)
}

/** Adds the headers that the response to a passing request must have, unless the application has responded. */
export const addHeaders = (response: ServerResponse, headers: Readonly<Record<string, string>> | undefined): void => {
  if (response.headersSent) return
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
}
