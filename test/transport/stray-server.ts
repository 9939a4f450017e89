/** A server in a thread of its own, so that it goes on where its client is kept busy: it says more, or less, than it was asked. */
import { type AddressInfo, createServer, type Socket } from "node:net"
import { parentPort, workerData } from "node:worker_threads"

/** How often it has said more, or ended: who is kept busy can wait for that alone. */
const done = new Int32Array(workerData as SharedArrayBuffer)
const count = (): void => {
  Atomics.add(done, 0, 1)
  Atomics.notify(done, 0)
}

const saying = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`

const scripts: Readonly<Record<string, (socket: Socket) => void>> = {
  "/hang": () => {},
  "/twice": (socket) => {
    socket.write(saying("once"))
    setTimeout(() => socket.write(saying("stray"), count), 2)
  },
  "/ends": (socket) => socket.end(saying("once"), count),
}

// Without delay: else what is said too much would wait until the next request has been sent, when nobody could tell.
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {})
  socket.on("data", (bytes) => {
    const path = bytes.toString("latin1").split(" ")[1] ?? ""
    const script = scripts[path]
    if (script === undefined) socket.write(saying(path))
    else script(socket)
  })
})
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port))
