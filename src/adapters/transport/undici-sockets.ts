/** The sockets to one origin. */
import { connect as connectTcp, isIP, type Socket } from "node:net"
import { type ConnectionOptions, connect as connectTls, type SecureContext } from "node:tls"
import type { buildConnector } from "undici"
import { clearTimeout, setTimeout } from "../../internal/real-timers.ts"

/** Opens sockets to one origin. */
export interface Sockets {
  readonly connect: buildConnector.connector
  /** Destroys the sockets that are being opened: a handshake that hangs would last until the limit of a handshake. */
  readonly close: () => void
}

/** The longest time for opening a socket, in milliseconds: connections outlive the exchange that they were opened for. */
const handshakeLimit = 10_000

/**
 * Makes the sockets of an origin. They share TLS sessions.
 *
 * They also share one read buffer (`onread`). Without it, Node allocates 64 KiB for every read and shrinks the buffer
 * to the received bytes.
 */
export const makeSockets = (secureContext?: SecureContext): Sockets => {
  const opening = new Set<Socket>()
  let session: Buffer | undefined

  const openTls = (hostname: string, port: number, onread: OnRead): Socket => {
    const socket = connectTls({
      ...(secureContext !== undefined && { secureContext }),
      host: hostname,
      port,
      // A server name is no IP address (RFC 6066).
      ...(isIP(hostname) === 0 && { servername: hostname }),
      ...(session !== undefined && { session }),
      // With HTTP/1.1, aborting an exchange closes its own socket and affects no other exchange.
      ALPNProtocols: ["http/1.1"],
      onread,
    } as ConnectionOptions)
    return socket
      .on("session", (newer) => {
        session = newer
      })
      .on("error", () => {
        // Without this, undici would report the end of the connection instead of the server's TLS alert.
        socket.removeAllListeners("end")
      })
  }

  return {
    connect: ({ hostname, port, protocol }, callback) => {
      const onread = readInto(() => socket)
      const isTls = protocol === "https:"
      const number = Number(port) || (isTls ? 443 : 80)
      const socket = isTls ? openTls(hostname, number, onread) : connectTcp({ host: hostname, port: number, onread })
      opening.add(socket)
      const limit = setTimeout(() => socket.destroy(handshakeTimeout()), handshakeLimit).unref()
      const finish = (error: Error | null) => {
        clearTimeout(limit)
        if (opening.delete(socket)) error === null ? callback(null, socket) : callback(error, null)
      }
      socket
        .setKeepAlive(true, 60_000)
        .setNoDelay(true)
        .once(isTls ? "secureConnect" : "connect", () => finish(null))
        .on("error", finish)
    },
    close: () => {
      for (const socket of opening) socket.destroy(closed)
    },
  }
}

type OnRead = ReturnType<typeof readInto>

const readInto = (socket: () => Socket) => ({
  buffer: readBuffer,
  callback: (bytes: number): boolean => {
    // Copied, because the next read of any socket overwrites the buffer.
    const received = Buffer.allocUnsafe(bytes)
    readBuffer.copy(received, 0, 0, bytes)
    return socket().push(received)
  },
})

const readBuffer = Buffer.allocUnsafe(64 << 10)

const closed = new Error("the transport was closed")

const handshakeTimeout = (): Error => Object.assign(new Error("the handshake took too long"), { code: "ETIMEDOUT" })
