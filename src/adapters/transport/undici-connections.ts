/// <reference path="./undici-parts.d.ts" />
/** The connections to one origin, each of which carries one exchange at a time (decision 0018). */
import * as MutableList from "effect/MutableList"
// The whole of undici takes more than twice as long to load, and is needed for proxies only.
import buildConnector from "undici/lib/core/connect.js"
import Client from "undici/lib/dispatcher/client.js"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"

/** What holds for every connection, a proxy's too. */
export const settings = {
  /** Off: they count per phase and per chunk, and the door's deadline bounds the whole. */
  headersTimeout: 0,
  bodyTimeout: 0,
  /** Over HTTP/1.1 whoever gives up closes the socket, and no answer can be taken for another's. */
  allowH2: false,
  /** How many sockets one origin may have; further requests wait, within their deadline. */
  connections: 128,
}

/** Makes a place from which connections to an origin are opened as they are needed. The one that was used last is used next. */
export const makeConnections = (origin: string): Connections => {
  const { connections: most, allowH2, ...limits } = settings
  // One for all, for it remembers the TLS sessions.
  const connect = buildConnector({ allowH2 })
  const clients: Array<Client> = []
  const free: Array<Connection> = []
  const waiting = MutableList.make<Exchange>()

  const open = (): Connection => {
    const client = new Client(origin, { ...limits, connect })
    clients.push(client)
    const connection: Connection = {
      carry: (exchange) => {
        exchange.connection = connection
        client.dispatch(exchange, exchange)
      },
      ended: (well) => {
        // What broke is not given on while undici is still busy with it.
        if (well) release(connection)
        else queueMicrotask(() => release(connection, true))
      },
    }
    return connection
  }

  /** Gives a connection to the next who waits; what has just broken has to be opened again, so it is the last to be used. */
  const release = (connection: Connection, broken = false): void => {
    while (waiting.length > 0) {
      const next = MutableList.take(waiting)
      if (next !== MutableList.Empty && !next.over) {
        connection.carry(next)
        return
      }
    }
    if (broken) free.unshift(connection)
    else free.push(connection)
  }

  return {
    carry: (exchange) => {
      const connection = free.pop() ?? (clients.length < most ? open() : undefined)
      if (connection === undefined) MutableList.append(waiting, exchange)
      else connection.carry(exchange)
    },
    // Those who wait then fail in turn, on what is closed.
    close: () => Promise.all(clients.map((client) => client.destroy())),
  }
}
