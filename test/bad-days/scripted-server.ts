/** A loopback server whose script controls each byte of the response. */
import { type AddressInfo, createServer, type Socket } from "node:net"

/** A received request, and the socket to respond on. */
export interface ReceivedRequest {
  readonly method: string
  /** Includes the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly form: URLSearchParams
  readonly socket: Socket
  /** Resolves when the connection has closed, from either side. */
  readonly closed: Promise<void>
}

/** Handles a request. */
export type Script = (requests: ReceivedRequest) => void

export interface ScriptedServer extends AsyncDisposable {
  /** The origin of the server. */
  readonly url: string
  readonly port: number
  /** All requests received so far. */
  readonly requests: ReadonlyArray<ReceivedRequest>
  readonly connections: () => { readonly opened: number; readonly open: number }
  /** Replaces the script for later requests. */
  readonly play: (script: Script) => void
  /** Resolves with the request of this number, counted from 1, when it has arrived. */
  readonly request: (number: number) => Promise<ReceivedRequest>
  /** Resolves when every connection that carried a request has closed. */
  readonly released: () => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Starts a server on a free port. */
export const scripted = async (first: Script): Promise<ScriptedServer> => {
  let script = first
  const requests: Array<ReceivedRequest> = []
  const open = new Set<Socket>()
  let opened = 0
  const server = createServer((socket) => {
    opened += 1
    open.add(socket)
    const closed = new Promise<void>((resolve) => {
      socket.on("close", () => {
        open.delete(socket)
        resolve()
      })
    })
    // A client that aborts resets the connection, which these tests expect.
    socket.on("error", () => {})
    let received = Buffer.alloc(0)
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk])
      for (let next = parse(received); next !== undefined; next = parse(received)) {
        received = received.subarray(next.length)
        const request = { ...next.request, socket, closed }
        requests.push(request)
        script(request)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => ({ opened, open: open.size }),
    play: (next) => {
      script = next
    },
    request: async (number) => {
      await eventually(() => requests.length >= number)
      return requests[number - 1] as ReceivedRequest
    },
    released: () => soon(Promise.all(requests.map(({ closed }) => closed))),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Parsed = { readonly request: Omit<ReceivedRequest, "socket" | "closed">; readonly length: number }

/** Parses the first request in the buffer, if it is complete. */
const parse = (received: Buffer): Parsed | undefined => {
  const end = received.indexOf("\r\n\r\n")
  if (end === -1) return undefined
  const [line = "", ...fields] = received.subarray(0, end).toString("latin1").split("\r\n")
  const [method = "", path = ""] = line.split(" ")
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(":")
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  const length = end + 4 + Number(headers["content-length"] ?? 0)
  if (received.length < length) return undefined
  const body = received.subarray(end + 4, length).toString("utf8")
  return { request: { method, path, headers, body, form: new URLSearchParams(body) }, length }
}

/** Waits until a condition holds, for at most three seconds. */
export const eventually = async (condition: () => boolean): Promise<void> => {
  const until = performance.now() + 3000
  while (!condition()) {
    if (performance.now() > until) throw new Error("timed out after three seconds")
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Rejects when the promise has not settled within three seconds. */
export const soon = <A>(promise: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("timed out after three seconds")), 3000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
