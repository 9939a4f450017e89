import { createServer, type Server } from "node:net"

/** Two different ports of 127.0.0.1 that were free a moment ago; somebody may still take one before we do. */
export async function twoFreePorts(): Promise<readonly [number, number]> {
  const first = await listen()
  const second = await listen() // both open at once, so that they differ
  const ports = [portOf(first), portOf(second)] as const
  await Promise.all([first, second].map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** A server on a port that the system chose. */
function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => resolve(server))
  })
}

/** The port on which a server listens. */
function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address with a port")
  return address.port
}
