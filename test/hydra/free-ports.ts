import { createServer, type Server } from "node:net"

/** Finds two different free ports of 127.0.0.1. Another process can take a port before the caller uses it. */
export async function twoFreePorts(): Promise<readonly [number, number]> {
  const first = await listen()
  const second = await listen() // both are open at once, so that they differ
  const ports = [portOf(first), portOf(second)] as const
  await Promise.all([first, second].map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** Starts a server on a port that the system chooses. */
function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => resolve(server))
  })
}

/** The port of a listening server. */
function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address with a port")
  return address.port
}
