/** A server on loopback that does, byte for byte, what a test tells it to. */
import { type AddressInfo, createServer, type Socket } from "node:net"

/** One request as it came, and the socket to answer on. */
export interface Asked {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly form: URLSearchParams
  readonly socket: Socket
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
}

/** What the server does with a request. */
export type Script = (asked: Asked) => void

export interface ScriptedServer extends AsyncDisposable {
  /** Its origin. */
  readonly url: string
  readonly port: number
  /** Every request so far. */
  readonly asked: ReadonlyArray<Asked>
  readonly connections: () => { readonly opened: number; readonly open: number }
  /** Another script from now on. */
  readonly play: (script: Script) => void
  /** Resolves with the request of this number (the first is 1) once it has come. */
  readonly request: (number: number) => Promise<Asked>
  /** Resolves when every connection that carried a request is gone. */
  readonly released: () => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Starts a server on a free port. */
export const scripted = async (first: Script): Promise<ScriptedServer> => {
  let script = first
  const asked: Array<Asked> = []
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
    // A client that gives up resets the connection: for these tests an event like any other.
    socket.on("error", () => {})
    let received = Buffer.alloc(0)
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk])
      for (let next = parse(received); next !== undefined; next = parse(received)) {
        received = received.subarray(next.length)
        const request = { ...next.request, socket, closed }
        asked.push(request)
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
    asked,
    connections: () => ({ opened, open: open.size }),
    play: (next) => {
      script = next
    },
    request: async (number) => {
      await eventually(() => asked.length >= number)
      return asked[number - 1] as Asked
    },
    released: () => soon(Promise.all(asked.map(({ closed }) => closed))),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Parsed = { readonly request: Omit<Asked, "socket" | "closed">; readonly length: number }

/** Reads one whole request off the front, when it is there. */
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

/** Waits for a condition, at most three seconds. */
export const eventually = async (condition: () => boolean): Promise<void> => {
  const until = performance.now() + 3000
  while (!condition()) {
    if (performance.now() > until) throw new Error("it did not happen within three seconds")
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Fails when the promise has not settled within three seconds. */
export const soon = <A>(promise: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not happen within three seconds")), 3000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
