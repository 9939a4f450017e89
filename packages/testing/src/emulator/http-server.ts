import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Faults } from "./faults.ts"

/** A request as handlers see it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  /** The query as it came, without the question mark. */
  readonly rawQuery: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What the placeholders of the matched path held, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** An answer; a body that is absent is an empty one. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>>
  readonly body?: string
}

/** A request that was answered, for assertions. */
export interface Recorded {
  readonly side: "public" | "admin"
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: string
  readonly status: number
}

export interface Listener {
  readonly url: string
  readonly close: () => Promise<void>
}

const bodyLimit = 4 * 1024 * 1024
const keptRequests = 10_000

/** A list of what was asked that forgets its oldest entries. */
export const makeRecorder = () => {
  const entries: Array<Recorded> = []
  return {
    entries: entries as ReadonlyArray<Recorded>,
    add: (entry: Recorded) => {
      entries.push(entry)
      // Trimmed in blocks: `shift` on every request would move the whole list each time.
      if (entries.length > keptRequests + 1000) entries.splice(0, entries.length - keptRequests)
    },
  }
}

const readBody = (request: IncomingMessage) =>
  new Promise<string>((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimit) return void chunks.push(chunk)
      reject(new Error("request body too large"))
      request.destroy()
    })
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")))
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
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, typeof value === "string" ? value : [...value])
  }
  const body = Buffer.from(reply.body ?? "")
  // Go announces the length of a short body and sends a longer one in chunks.
  if (body.length <= 2048 && reply.status !== 204) response.setHeader("content-length", body.length)
  response.writeHead(reply.status)
  response.end(body)
}

/** Listens on a free loopback port and answers with `handle`, unless the fault script has other plans. */
export const listen = async (options: {
  readonly sideOf: (path: string) => "public" | "admin"
  readonly faults: Faults
  readonly record: (entry: Recorded) => void
  readonly handle: (exchange: Exchange, side: "public" | "admin") => Reply | Promise<Reply>
}): Promise<Listener> => {
  const server = createServer((request, response) => {
    response.on("error", () => {})
    void answer(request, response)
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = "/", ...rest] = (request.url ?? "/").split("?")
    const rawQuery = rest.join("?")
    const side = options.sideOf(path)
    const method = request.method ?? "GET"
    const headers = flatHeaders(request)
    try {
      const body = await readBody(request)
      if (await options.faults.play(request, response)) {
        options.record({ side, method, path, query: rawQuery, headers, body, status: response.statusCode })
        return
      }
      const exchange = { method, path, rawQuery, query: new URLSearchParams(rawQuery), headers, body, params: {} }
      const reply = await options.handle(exchange, side)
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
