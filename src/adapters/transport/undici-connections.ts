/** The connections to one origin. Each has at most one exchange at a time (decision 0018). */
import type { SecureContext } from "node:tls"
import * as MutableList from "effect/MutableList"
import { Client } from "undici"
import { closed } from "../../ports/errors.ts"
import { areTimersFake, monotonicNow, setImmediate } from "./real-timers.ts"
import { defaultMaxAge, type TransportOptions } from "./transport-options.ts"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"
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

export interface ConnectionOptions extends Pick<TransportOptions, "maxConnectionAge"> {
  /** The certificates and keys, parsed once for all connections. */
  readonly secureContext?: SecureContext | undefined
}

/** A connection and its client. */
interface OpenConnection extends Connection {
  readonly openedAt: number
  /** Opened while timers were fake: undici closes its socket after one exchange. */
  readonly isForOneExchange: boolean
  readonly client: Client
}

/**
 * Makes the connections to an origin. They are opened when needed, and the most recently used one is used first.
 *
 * A connection is replaced at a maximum age: a name that moves to another address is noticed also under load.
 *
 * While a test fakes timers, each exchange has a connection of its own: undici waits for the global `setImmediate`, which
 * is fake, before it uses a connection again.
 */
export const makeConnections = (origin: string, options: ConnectionOptions = {}): Connections => {
  const { maxConnectionAge = defaultMaxAge } = options
  const sockets = makeSockets(options.secureContext)
  const clients = new Set<Client>()
  const idle: Array<OpenConnection> = []
  const queue = MutableList.make<Exchange>()
  /** Connections whose exchange has just ended. They can be used from the next turn of the event loop on. */
  const settling: Array<OpenConnection> = []
  let isScheduled = false
  let isClosed = false

  const open = (): OpenConnection => {
    const connection = openConnection(origin, sockets, (ended) => {
      settling.push(ended)
      settleNextTurn()
    })
    clients.add(connection.client)
    return connection
  }

  const isOutdated = ({ openedAt, isForOneExchange }: OpenConnection): boolean =>
    isForOneExchange || monotonicNow() - openedAt >= maxConnectionAge || areTimersFake()

  /** Closes a connection that is outdated; otherwise returns it. */
  const ifCurrent = (connection: OpenConnection | undefined): OpenConnection | undefined => {
    if (connection === undefined || !isOutdated(connection)) return connection
    clients.delete(connection.client)
    void connection.client.destroy()
    return undefined
  }

  /**
   * Releases connections in the next turn of the event loop. Before undici writes to a socket that was idle for a turn,
   * it checks the socket for unrequested data and for its end. Without the pause, such data would be the next response.
   */
  const settleNextTurn = (): void => {
    if (isScheduled || settling.length === 0) return
    isScheduled = true
    setImmediate?.(() => {
      isScheduled = false
      for (let count = settling.length; count > 0; count--) {
        const settled = settling.shift()
        if (settled !== undefined && !isClosed) release(settled)
      }
      settleNextTurn()
    })
  }

  /** Gives a connection to the next exchange in the queue. A broken connection must be reopened, so it is used last. */
  const release = (settled: OpenConnection): void => {
    const connection = ifCurrent(settled)
    const next = nextOf(queue)
    if (next !== undefined) (connection ?? open()).dispatch(next)
    else if (connection?.isReusable) idle.push(connection)
    else if (connection !== undefined) idle.unshift(connection)
  }

  const takeIdle = (): OpenConnection | undefined => {
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      const current = ifCurrent(connection)
      if (current !== undefined) return current
    }
    return undefined
  }

  return {
    dispatch: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      const connection =
        takeIdle() ?? (clients.size < settings.connections && settling.length <= queue.length ? open() : undefined)
      if (connection === undefined) MutableList.append(queue, exchange)
      else connection.dispatch(exchange)
    },
    close: () => {
      isClosed = true
      for (const exchange of MutableList.takeAll(queue)) exchange.stop(closed)
      sockets.close()
      const ended = Promise.all(Array.from(clients, (client) => client.destroy()))
      // With fake timers undici never reports the end. The sockets are destroyed nevertheless.
      return areTimersFake() ? Promise.resolve() : ended
    },
  }
}

const openConnection = (
  origin: string,
  { connect }: Sockets,
  onEnd: (connection: OpenConnection) => void,
): OpenConnection => {
  const { connections: _, ...options } = settings
  const isForOneExchange = areTimersFake()
  const client = new Client(origin, { ...options, pipelining: isForOneExchange ? 0 : 1, connect })
  const connection: OpenConnection = {
    client,
    isForOneExchange,
    openedAt: monotonicNow(),
    isReusable: true,
    dispatch: (exchange) => {
      exchange.connection = connection
      client.dispatch(exchange, exchange)
    },
    onClose: (ok) => {
      connection.isReusable = ok
      onEnd(connection)
    },
  }
  return connection
}

/** Takes the next exchange that has not ended while it waited. */
const nextOf = (queue: MutableList.MutableList<Exchange>): Exchange | undefined => {
  while (queue.length > 0) {
    const next = MutableList.take(queue)
    if (next !== MutableList.Empty && !next.isOver) return next
  }
  return undefined
}
