/// <reference path="./undici-parts.d.ts" />
/** The connections to one origin. Each has at most one exchange at a time (decision 0018). */
import * as MutableList from "effect/MutableList"
// The main module of undici takes more than twice as long to load, and is needed for proxies only.
import Client from "undici/lib/dispatcher/client.js"
import { closed } from "../../ports/errors.ts"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"
import { HangingConnections, hangsAfter } from "./undici-hanging.ts"
import { makeSockets, type Sockets } from "./undici-sockets.ts"

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
const mostSockets = 8192

/** Makes the connections to an origin. They are opened when needed, and the most recently used one is used first. */
export const makeConnections = (origin: string, after: number = hangsAfter): Connections => {
  const sockets = makeSockets(settings.allowH2)
  const opened = new Set<Connection>()
  const hanging = new HangingConnections(opened, after)
  const idle: Array<Connection> = []
  const queue = MutableList.make<Exchange>()
  /** Connections whose exchange has just ended. They can be used from the next turn of the event loop on. */
  const settling: Array<Connection> = []
  let isScheduled = false
  let isClosed = false

  const open = (): Connection => {
    const connection = openConnection(origin, sockets, (ended) => {
      hanging.ended(ended)
      settling.push(ended)
      settleNextTurn()
    })
    opened.add(connection)
    return connection
  }
  const isBelowLimit = (): boolean =>
    opened.size < settings.connections ||
    (opened.size < mostSockets && opened.size - hanging.count < settings.connections)

  /** Opens connections for the queue, now and as exchanges begin to hang. */
  const openForQueue = (): void => {
    while (settling.length < queue.length && isBelowLimit()) release(open(), queue, idle)
    if (queue.length === 0) return
    hanging.recount(() => {
      if (!isClosed) openForQueue()
    })
  }

  /** Closes a connection that is needed only while exchanges hang. */
  const closeIfSurplus = (connection: Connection): boolean => {
    const isSurplus = opened.size > settings.connections && queue.length === 0
    if (isSurplus && opened.delete(connection)) connection.close().catch(() => undefined)
    return isSurplus
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
      for (const connection of settling.splice(0)) if (!closeIfSurplus(connection)) release(connection, queue, idle)
      settleNextTurn()
    })
  }

  return {
    dispatch: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      const connection = idle.pop() ?? (exchange.isUrgent ? open() : undefined)
      if (connection !== undefined) return connection.dispatch(exchange)
      MutableList.append(queue, exchange)
      openForQueue()
    },
    close: () => {
      isClosed = true
      hanging.close()
      for (const exchange of MutableList.takeAll(queue)) exchange.stop(closed)
      sockets.close()
      return Promise.all(Array.from(opened, (connection) => connection.close()))
    },
  }
}

/** Opens a connection when its first exchange needs it. */
const openConnection = (origin: string, sockets: Sockets, onEnd: (connection: Connection) => void): Connection => {
  const { connections: _, allowH2: __, ...limits } = settings
  const client = new Client(origin, { ...limits, connect: sockets.connect })
  const connection: Connection = {
    isReusable: true,
    busySince: Number.POSITIVE_INFINITY,
    dispatch: (exchange) => {
      exchange.connection = connection
      connection.busySince = performance.now()
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

/** Gives a connection to the next exchange in the queue. A broken connection must be reopened, so it is used last. */
const release = (connection: Connection, queue: MutableList.MutableList<Exchange>, idle: Array<Connection>): void => {
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
