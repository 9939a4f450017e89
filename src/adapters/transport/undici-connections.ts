/** The connections to one origin. Each has at most one exchange at a time (decision 0018). */
import type { SecureContext } from "node:tls"
import * as MutableList from "effect/MutableList"
import { areTimersFake, monotonicNow } from "../../internal/real-timers.ts"
import { closed } from "../../ports/errors.ts"
import { defaultMaxAge, type TransportOptions } from "./transport-options.ts"
import { mostSockets as mostByDefault, type OpenConnection, openConnection, settings } from "./undici-connection.ts"
import type { Connections, Exchange } from "./undici-exchange.ts"
import { HangingConnections, hangsAfter as hangsByDefault } from "./undici-hanging.ts"
import { makeSettling } from "./undici-settling.ts"
import { makeSockets } from "./undici-sockets.ts"

export interface ConnectionOptions extends Pick<TransportOptions, "maxConnectionAge"> {
  /** The certificates and keys, parsed once for all connections. */
  readonly secureContext?: SecureContext | undefined
  /** See `hangsAfter` in `undici-hanging.ts`, in milliseconds. */
  readonly hangsAfter?: number | undefined
  /** The number of sockets with those that hang. */
  readonly mostSockets?: number | undefined
}

/**
 * Makes the connections to an origin. They are opened when needed, and the most recently used one is used first.
 *
 * A connection is replaced at a maximum age, so that a new address of a host name is used even under load.
 *
 * While a test fakes timers, each exchange has its own connection, because undici waits for the global `setImmediate`
 * before it uses a connection again.
 */
export const makeConnections = (origin: string, options: ConnectionOptions = {}): Connections => {
  const { maxConnectionAge = defaultMaxAge, hangsAfter = hangsByDefault, mostSockets = mostByDefault } = options
  const sockets = makeSockets(options.secureContext)
  const opened = new Set<OpenConnection>()
  const hanging = new HangingConnections(opened, hangsAfter)
  const idle: Array<OpenConnection> = []
  const queue = MutableList.make<Exchange>()
  let isClosed = false

  const open = (): OpenConnection => {
    const connection = openConnection(origin, sockets, (ended) => {
      hanging.ended(ended)
      settling.add(ended)
    })
    opened.add(connection)
    return connection
  }
  const isBelowLimit = (): boolean =>
    opened.size < settings.connections ||
    (opened.size < mostSockets && opened.size - hanging.count < settings.connections)

  /** Opens connections for the queue, now and as exchanges begin to hang. */
  const openForQueue = (): void => {
    while (settling.count() < queue.length && isBelowLimit()) release(open())
    if (queue.length === 0) return
    hanging.recount(() => {
      if (!isClosed) openForQueue()
    })
  }

  const isOutdated = ({ openedAt, isForOneExchange }: OpenConnection): boolean =>
    isForOneExchange || monotonicNow() - openedAt >= maxConnectionAge || areTimersFake()

  /** Whether a connection is needed only while exchanges hang. */
  const isSurplus = (): boolean => opened.size > settings.connections && queue.length === 0

  const discard = (connection: OpenConnection): undefined => {
    opened.delete(connection)
    connection.close().catch(() => undefined)
  }

  /** Gives a connection to the next exchange in the queue. A broken connection must be reopened, so it is used last. */
  const release = (settled: OpenConnection): void => {
    const connection = isOutdated(settled) || isSurplus() ? discard(settled) : settled
    const next = nextOf(queue)
    if (next !== undefined) (connection ?? open()).dispatch(next)
    else if (connection?.isReusable) idle.push(connection)
    else if (connection !== undefined) idle.unshift(connection)
  }

  const settling = makeSettling<OpenConnection>((settled) => {
    if (!isClosed) release(settled)
  })

  const takeIdle = (): OpenConnection | undefined => {
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (!isOutdated(connection)) return connection
      discard(connection)
    }
    return undefined
  }

  return {
    dispatch: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      const connection = takeIdle() ?? (exchange.isUrgent ? open() : undefined)
      if (connection !== undefined) return connection.dispatch(exchange)
      MutableList.append(queue, exchange)
      openForQueue()
    },
    close: () => {
      isClosed = true
      hanging.close()
      for (const exchange of MutableList.takeAll(queue)) exchange.stop(closed)
      sockets.close()
      const ended = Promise.all(Array.from(opened, (connection) => connection.close()))
      // With fake timers undici never reports the end. The sockets are destroyed nevertheless.
      return areTimersFake() ? Promise.resolve() : ended
    },
  }
}

/** Takes the next exchange that has not ended while it waited. */
const nextOf = (queue: MutableList.MutableList<Exchange>): Exchange | undefined => {
  while (queue.length > 0) {
    const next = MutableList.take(queue)
    if (next !== MutableList.Empty && !next.isOver) return next
  }
  return undefined
}
