import { once } from "node:events"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Running } from "./case.ts"
import { sendTo } from "./send.ts"

/** Starts a server on loopback. */
export const listening = async (server: Server): Promise<Running> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return { port, send: (request) => sendTo(port, request), close: async () => server.close() }
}
