/** One connection of undici, with one exchange at a time. */
import { Client } from "undici"
import { areTimersFake, monotonicNow } from "../../internal/real-timers.ts"
import type { Connection } from "./undici-exchange.ts"
import type { Sockets } from "./undici-sockets.ts"

/** The options of every connection, including connections to a proxy. */
export const settings = {
  /** Off: these limits are per phase and per chunk, and the deadline of an exchange limits the whole. */
  headersTimeout: 0,
  bodyTimeout: 0,
  /** With HTTP/1.1, aborting an exchange closes its own socket and affects no other exchange. */
  allowH2: false,
  /** The number of sockets per origin. Further requests wait, until their deadline at most. */
  connections: 128,
}

/** The number of sockets per origin, with those that wait for a response that may never come. */
export const mostSockets = 8192

/** A connection and its age. */
export interface OpenConnection extends Connection {
  readonly openedAt: number
  /** Opened while timers were fake: undici closes its socket after one exchange. */
  readonly isForOneExchange: boolean
}

/** Makes a connection, which is opened when its first exchange needs it. */
export const openConnection = (
  origin: string,
  { connect }: Sockets,
  onEnd: (connection: OpenConnection) => void,
): OpenConnection => {
  const { connections: _, ...options } = settings
  const isForOneExchange = areTimersFake()
  const client = new Client(origin, { ...options, pipelining: isForOneExchange ? 0 : 1, connect })
  const connection: OpenConnection = {
    isForOneExchange,
    openedAt: monotonicNow(),
    isReusable: true,
    busySince: Number.POSITIVE_INFINITY,
    dispatch: (exchange) => {
      exchange.connection = connection
      connection.busySince = monotonicNow()
      client.dispatch(exchange, exchange)
    },
    onClose: (ok) => {
      connection.isReusable = ok
      connection.busySince = Number.POSITIVE_INFINITY
      onEnd(connection)
    },
    close: () => client.destroy(),
  }
  return connection
}
