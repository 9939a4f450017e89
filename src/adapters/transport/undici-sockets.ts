/// <reference path="./undici-parts.d.ts" />
/** The sockets to one origin, opened by undici's connector. */
import type { Socket } from "node:net"
import type { buildConnector } from "undici"
import connector from "undici/lib/core/connect.js"

/** Opens sockets to one origin. */
export interface Sockets {
  readonly connect: buildConnector.connector
  /** Destroys the sockets that are being opened: a handshake that hangs would last until undici's connect timeout. */
  readonly close: () => void
}

/**
 * Makes the sockets of an origin. They share TLS sessions.
 *
 * They also share one read buffer (`onread`). Without it, Node allocates 64 KiB for every read and shrinks the buffer
 * to the received bytes.
 */
export const makeSockets = (allowH2: boolean): Sockets => {
  const opening = new Set<Socket>()
  const onread = { buffer: readBuffer, callback: (_bytes: number, _from: Uint8Array) => true }
  const open = connector({ allowH2, onread })
  return {
    connect: (options, callback) => {
      // A socket reads the callback when it is created.
      onread.callback = (bytes) => {
        // Copied, because the next read of any socket overwrites the buffer.
        const received = Buffer.allocUnsafe(bytes)
        readBuffer.copy(received, 0, 0, bytes)
        return socket.push(received)
      }
      const socket = open(options, (...result) => {
        opening.delete(socket)
        callback(...result)
      })
      opening.add(socket)
    },
    close: () => {
      for (const socket of opening) socket.destroy(closed)
    },
  }
}

const readBuffer = Buffer.allocUnsafe(64 << 10)

const closed = new Error("the transport was closed")
