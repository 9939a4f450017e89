/// <reference path="./undici-parts.d.ts" />
/** The connections to one origin. Each has at most one exchange at a time (decision 0018). */
import * as MutableList from "effect/MutableList"
// The main module of undici takes more than twice as long to load, and is needed for proxies only.
import Client from "undici/lib/dispatcher/client.js"
import { closed } from "../../ports/errors.ts"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"
import { makeSockets } from "./undici-sockets.ts"

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

/** Makes the connections to an origin. They are opened when needed, and the most recently used one is used first. */
export const makeConnections = (origin: string): Connections => {
  const { connections: maxConnections, allowH2, ...limits } = settings
  const sockets = makeSockets(allowH2)
  const clients: Array<Client> = []
  const idle: Array<Connection> = []
  const queue = MutableList.make<Exchange>()
  /** Connections whose exchange has just ended. They can be used from the next turn of the event loop on. */
  const settling: Array<Connection> = []
  let isScheduled = false
  let isClosed = false

  const open = (): Connection => {
    const client = new Client(origin, { ...limits, connect: sockets.connect })
    clients.push(client)
    const connection: Connection = {
      isReusable: true,
      dispatch: (exchange) => {
        exchange.connection = connection
        client.dispatch(exchange, exchange)
      },
      onClose: (ok) => {
        connection.isReusable = ok
        settling.push(connection)
        settleNextTurn()
      },
    }
    return connection
  }

  /**
   * Releases connections in the next turn of the event loop. Before undici writes to a socket that was idle for a turn,
   * it checks the socket for unrequested data and for its end. Without the pause, such data would be the next response.
   */
  const settleNextTurn = (): void => {
    if (isScheduled || settling.length === 0) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      for (let count = settling.length; count > 0; count--) release(settling.shift(), queue, idle)
      settleNextTurn()
    })
  }

  return {
    dispatch: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      const mayOpen = clients.length < maxConnections && settling.length <= queue.length
      const connection = idle.pop() ?? (mayOpen ? open() : undefined)
      if (connection === undefined) MutableList.append(queue, exchange)
      else connection.dispatch(exchange)
    },
    close: () => {
      isClosed = true
      for (const exchange of MutableList.takeAll(queue)) exchange.stop(closed)
      sockets.close()
      return Promise.all(clients.map((client) => client.destroy()))
    },
  }
}

/** Gives a connection to the next exchange in the queue. A broken connection must be reopened, so it is used last. */
const release = (
  connection: Connection | undefined,
  queue: MutableList.MutableList<Exchange>,
  idle: Array<Connection>,
): void => {
  if (connection === undefined) return
  while (queue.length > 0) {
    const next = MutableList.take(queue)
    if (next !== MutableList.Empty && !next.isOver) {
      connection.dispatch(next)
      return
    }
  }
  if (connection.isReusable) idle.push(connection)
  else idle.unshift(connection)
}
