import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Fault } from "./fault.ts"

type ResponseFault = Exclude<Fault, { kind: "latency" }>

/** Calls `tick` every `ms` milliseconds until the response closes. */
export type Repeat = (response: ServerResponse, ms: number, tick: () => void) => void
type Injection = (response: ServerResponse, socket: Socket, repeat: Repeat) => void

const errorPage = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>"
const sampleBody = JSON.stringify({ active: true, scope: "openid", client_id: "truncated", padding: "x".repeat(200) })
const jsonHeaders = { "content-type": "application/json" }

const sendHugeBody = (response: ServerResponse, bytes: number) => {
  const block = Buffer.alloc(64 * 1024, 0x78)
  let left = bytes
  const writeMore = () => {
    while (left > 0 && !response.destroyed) {
      const part = left < block.length ? block.subarray(0, left) : block
      left -= part.length
      if (!response.write(part)) {
        response.once("drain", writeMore)
        return
      }
    }
    if (!response.destroyed) response.end('"}')
  }
  response.writeHead(200, jsonHeaders)
  response.write('{"huge":"')
  writeMore()
}

const injectionOf = (fault: ResponseFault): Injection => {
  switch (fault.kind) {
    case "status":
      return (response) => response.writeHead(fault.status, fault.headers).end(fault.body ?? "")
    case "html":
      return (response) => response.writeHead(fault.status ?? 200, { "content-type": "text/html" }).end(errorPage)
    case "reset":
      return (_, socket) => socket.resetAndDestroy()
    case "truncate":
      return (response, socket) => {
        const sent = sampleBody.slice(0, fault.bytes ?? 20)
        response.writeHead(200, { ...jsonHeaders, "content-length": String(Buffer.byteLength(sampleBody)) })
        response.write(sent, () => setImmediate(() => socket.destroy()))
      }
    case "cut-json":
      return (response) => response.writeHead(200, jsonHeaders).end(sampleBody.slice(0, 30))
    case "huge":
      return (response) => sendHugeBody(response, fault.bytes)
    case "drip":
      return (response, _, repeat) => {
        response.writeHead(200, jsonHeaders)
        response.write("{")
        repeat(response, fault.everyMs, () => response.write(" "))
      }
    case "hang":
      return () => {}
    case "redirect":
      return (response) => response.writeHead(fault.status ?? 302, { location: fault.location }).end()
    case "raw":
      return (_, socket) => socket.end(fault.bytes, "latin1")
  }
}

/** Sends the response of a fault. */
export const injectFault = (
  fault: ResponseFault,
  request: IncomingMessage,
  response: ServerResponse,
  repeat: Repeat,
): void => {
  // Drain the request body: with unread data, closing the socket would send a reset in place of the planned response.
  if (!request.readableEnded) request.resume()
  injectionOf(fault)(response, request.socket, repeat)
}
