/**
 * A server that sends stray responses or closes connections.
 *
 * It runs in a worker, so that it continues while the client is blocked.
 */
import { type AddressInfo, createServer, type Socket } from "node:net"
import { parentPort, workerData } from "node:worker_threads"

/** Counts the stray responses and closed connections. A blocked client waits on it with `Atomics.wait`. */
const counter = new Int32Array(workerData as SharedArrayBuffer)
const count = (): void => {
  Atomics.add(counter, 0, 1)
  Atomics.notify(counter, 0)
}

const response = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`

const scripts: Readonly<Record<string, (socket: Socket) => void>> = {
  "/hang": () => {},
  "/twice": (socket) => {
    socket.write(response("once"))
    setTimeout(() => socket.write(response("stray"), count), 2)
  },
  "/ends": (socket) => socket.end(response("once"), count),
}

// Without `noDelay` the stray response would leave after the next request, as if it were the response to it.
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {})
  socket.on("data", (bytes) => {
    const path = bytes.toString("latin1").split(" ")[1] ?? ""
    const script = scripts[path]
    if (script === undefined) socket.write(response(path))
    else script(socket)
  })
})
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port))
