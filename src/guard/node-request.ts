/** Requests and responses of `node:http`, for the bindings whose frameworks use them. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { TLSSocket } from "node:tls"
import type { Reply } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"

/**
 * Reads a request.
 *
 * @param signal returns a signal that is aborted when the client goes away
 * @param target path and query as the client sent them, if the framework changes `url`
 */
export const nodeRequest = (
  request: IncomingMessage,
  signal: () => AbortSignal,
  target = request.url ?? "/",
): GuardRequest => ({
  method: request.method ?? "GET",
  target,
  header: (name) => joinedLines(request.rawHeaders, name),
  certificate: () => (request.socket as Partial<TLSSocket>).getPeerCertificate?.()?.raw,
  remoteAddress: request.socket.remoteAddress,
  signal,
})

/** Returns a signal that is aborted when the response ends, or its connection. An upgrade request has no response. */
export const closedSignal = (response: ServerResponse | Duplex) => (): AbortSignal => {
  const controller = new AbortController()
  // The client may have gone before anybody asks for the signal.
  if (response.closed || response.destroyed) controller.abort()
  else response.once("close", () => controller.abort())
  return controller.signal
}

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

/** Writes a reply, unless the client went away or the application has responded. */
export const writeReply = (response: ServerResponse, { status, headers, body }: Reply): void => {
  if (!response.headersSent && !response.destroyed) response.writeHead(status, headers).end(body)
}

/** Adds the headers that a request which passes must have in its response. */
export const addHeaders = (response: ServerResponse, headers: Readonly<Record<string, string>> | undefined): void => {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
}
