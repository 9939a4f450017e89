import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Faults } from "./faults.ts"

/** A request, as handlers get it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  /** The query, not decoded, without the question mark. */
  readonly rawQuery: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The values of the path's placeholders, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** A response. Without `body` the body is empty. */
export interface Reply {
  /** The status code; 0 closes the connection without a response. */
  readonly status: number
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>>
  readonly body?: string
}

/** A request that an emulator has received, and the status of its response. */
export interface RecordedRequest {
  /** `"admin"`: the admin or management API of the vendor. */
  readonly side: "public" | "admin"
  readonly method: string
  /** The path, without the query. */
  readonly path: string
  /** The query, not decoded, without the question mark. */
  readonly query: string
  /** By lower-case name. */
  readonly headers: Record<string, string>
  readonly body: string
  /** The status of the response. After a fault that sent no response: 200, the initial value of Node. */
  readonly status: number
}

/** A running HTTP server. */
export interface Listener {
  /** The origin, such as `http://127.0.0.1:4444`. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** In bytes. */
const maxBody = 4 * 1024 * 1024
/** In bytes. Real servers read longer headers than Node by default. */
const maxHeaderSize = 1024 * 1024
const maxRecorded = 10_000

/** Makes a list of requests that evicts its oldest entries. */
export const makeRecorder = () => {
  const entries: Array<RecordedRequest> = []
  return {
    entries: entries as ReadonlyArray<RecordedRequest>,
    add: (entry: RecordedRequest) => {
      entries.push(entry)
      // Remove 1000 entries at once: `shift` on every request would move the whole list each time.
      if (entries.length > maxRecorded + 1000) entries.splice(0, entries.length - maxRecorded)
    },
  }
}

/** Reads the body of a request; `undefined` if it is larger than `limit`, which is then a response. */
const readBody = (request: IncomingMessage, limit: number | undefined) =>
  new Promise<string | undefined>((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= (limit ?? maxBody)) return void chunks.push(chunk)
      if (limit !== undefined) return
      reject(new Error(`the request body is larger than ${maxBody} bytes`))
      request.destroy()
    })
    request.on("end", () =>
      resolve(limit !== undefined && size > limit ? undefined : Buffer.concat(chunks).toString("utf8")),
    )
    request.on("error", reject)
  })

const flatHeaders = (request: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  )

const send = (response: ServerResponse, reply: Reply) => {
  if (response.destroyed) return
  if (reply.status === 0) return void response.destroy()
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, typeof value === "string" ? value : [...value])
  }
  const body = Buffer.from(reply.body ?? "")
  // Go sends `Content-Length` with a body of up to 2048 bytes, and a longer body in chunks.
  if (body.length <= 2048 && reply.status !== 204) response.setHeader("content-length", body.length)
  response.writeHead(reply.status)
  response.end(body)
}

/** Starts an HTTP server on a free loopback port. A matching fault replaces the response of `handle`. */
export const listen = async (options: {
  readonly sideOf: (path: string) => "public" | "admin"
  readonly faults: Faults
  readonly record: (entry: RecordedRequest) => void
  readonly handle: (exchange: Exchange, side: "public" | "admin") => Reply | Promise<Reply>
  /** The response to a body of more than `bytes`. By default the connection ends after 4 MiB. */
  readonly bodyLimit?: { readonly bytes: number; readonly reply: Reply }
}): Promise<Listener> => {
  const server = createServer({ maxHeaderSize }, (request, response) => {
    response.on("error", () => {})
    void respond(request, response)
  })
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = "/", ...rest] = (request.url ?? "/").split("?")
    const rawQuery = rest.join("?")
    const side = options.sideOf(path)
    const method = request.method ?? "GET"
    const headers = flatHeaders(request)
    try {
      const text = await readBody(request, options.bodyLimit?.bytes)
      const body = text ?? ""
      if (await options.faults.play(request, response)) {
        options.record({ side, method, path, query: rawQuery, headers, body, status: response.statusCode })
        return
      }
      const exchange = { method, path, rawQuery, query: new URLSearchParams(rawQuery), headers, body, params: {} }
      const tooLarge = text === undefined ? options.bodyLimit?.reply : undefined
      const reply = tooLarge ?? (await options.handle(exchange, side))
      options.record({ side, method, path, query: rawQuery, headers, body, status: reply.status })
      send(response, reply)
    } catch {
      if (!response.headersSent && !response.destroyed) send(response, { status: 500 })
    }
  }
  server.on("clientError", (_, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
