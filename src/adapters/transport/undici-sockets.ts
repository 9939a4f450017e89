/// <reference path="./undici-parts.d.ts" />
/** The sockets to one origin, opened by undici's connector. */
import type { Socket } from "node:net"
import type { buildConnector } from "undici"
import connector from "undici/lib/core/connect.js"

/** What opens sockets. */
export interface Sockets {
  readonly connect: buildConnector.connector
  /** Ends those that are being opened: a handshake that hangs would go on until undici's time for it is over. */
  readonly close: () => void
}

/**
 * Makes what opens sockets; one for all that go to an origin, for it remembers the TLS sessions.
 *
 * They read into one buffer, where Node would make one of 64 KiB for every read and cut it down to what came.
 */
export const makeSockets = (allowH2: boolean): Sockets => {
  const opening = new Set<Socket>()
  const onread = { buffer: reading, callback: (_bytes: number, _from: Uint8Array) => true }
  const open = connector({ allowH2, onread })
  return {
    connect: (options, opened) => {
      // A socket takes it when it is made.
      onread.callback = (bytes) => {
        // The next read, which may be another socket's, is into the same bytes.
        const came = Buffer.allocUnsafe(bytes)
        reading.copy(came, 0, 0, bytes)
        return socket.push(came)
      }
      const socket = open(options, (...result) => {
        opening.delete(socket)
        opened(...result)
      })
      opening.add(socket)
    },
    close: () => {
      for (const socket of opening) socket.destroy(closed)
    },
  }
}

const reading = Buffer.allocUnsafe(64 << 10)

const closed = new Error("the door was closed")
