/** A server in a thread of its own, whose timers no test replaces. Answers with the path. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { parentPort } from "node:worker_threads"

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.url !== "/hang") setTimeout(() => response.end(request.url), 5)
  })
})
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port))
