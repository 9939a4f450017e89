/** A proxy on loopback: it forwards requests, and refuses every tunnel. */
import { createServer, request as send } from "node:http"
import type { AddressInfo } from "node:net"

export interface SmokeProxy {
  readonly url: string
  /** The requests that it has forwarded, and the tunnels that it has refused. */
  readonly counts: { forwarded: number; refused: number }
  readonly close: () => void
}

export const startProxy = async (): Promise<SmokeProxy> => {
  const counts = { forwarded: 0, refused: 0 }
  const server = createServer((incoming, response) => {
    counts.forwarded += 1
    const { url = "", method, headers } = incoming
    const outgoing = send(url, { method, headers: { ...headers, connection: "close" } }, (received) => {
      response.writeHead(received.statusCode ?? 502, received.headers)
      received.on("error", () => response.destroy()).pipe(response)
    })
    // What the vendor does to a connection, the proxy does to that of its client.
    outgoing.on("error", () => response.destroy())
    response.on("close", () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  server.on("connect", (_, socket) => {
    counts.refused += 1
    socket.on("error", () => socket.destroy())
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
