/// <reference path="./undici-parts.d.ts" />
/** The connections to one origin, each of which carries one exchange at a time (decision 0018). */
import * as MutableList from "effect/MutableList"
// The whole of undici takes more than twice as long to load, and is needed for proxies only.
import Client from "undici/lib/dispatcher/client.js"
import { closed } from "../../ports/errors.ts"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"
import { makeSockets } from "./undici-sockets.ts"

/** What holds for every connection, a proxy's too. */
export const settings = {
  /** Off: they count per phase and per chunk, and the door's deadline bounds the whole. */
  headersTimeout: 0,
  bodyTimeout: 0,
  /** Over HTTP/1.1 whoever gives up closes the socket, and harms nobody else. */
  allowH2: false,
  /** How many sockets one origin may have; further requests wait, within their deadline. */
  connections: 128,
}

/** Makes a place from which connections to an origin are opened as they are needed. The one that was used last is used next. */
export const makeConnections = (origin: string): Connections => {
  const { connections: most, allowH2, ...limits } = settings
  const sockets = makeSockets(allowH2)
  const clients: Array<Client> = []
  const free: Array<Connection> = []
  const waiting = MutableList.make<Exchange>()
  /** They have just ended an exchange, and are free in a moment. */
  const resting: Array<Connection> = []
  let isResting = false
  let isClosed = false

  const open = (): Connection => {
    const client = new Client(origin, { ...limits, connect: sockets.connect })
    clients.push(client)
    const connection: Connection = {
      hasFullLength: true,
      carry: (exchange) => {
        exchange.connection = connection
        client.dispatch(exchange, exchange)
      },
      ended: (well) => {
        connection.hasFullLength = well
        resting.push(connection)
        rest()
      },
    }
    return connection
  }

  /** undici looks for what nobody asked for, and for the end, before it writes to a socket that has rested for a turn. */
  const rest = (): void => {
    if (isResting || resting.length === 0) return
    isResting = true
    setImmediate(() => {
      isResting = false
      for (let due = resting.length; due > 0; due--) release(resting.shift())
      rest()
    })
  }

  /** Gives a connection to the next who waits. One that broke has to be opened again, so it is the last to be used. */
  const release = (connection: Connection | undefined): void => {
    if (connection === undefined) return
    while (waiting.length > 0) {
      const next = MutableList.take(waiting)
      if (next !== MutableList.Empty && !next.over) {
        connection.carry(next)
        return
      }
    }
    if (connection.hasFullLength) free.push(connection)
    else free.unshift(connection)
  }

  return {
    carry: (exchange) => {
      if (isClosed) return exchange.stop(closed)
      const mayOpen = clients.length < most && resting.length <= waiting.length
      const connection = free.pop() ?? (mayOpen ? open() : undefined)
      if (connection === undefined) MutableList.append(waiting, exchange)
      else connection.carry(exchange)
    },
    close: () => {
      isClosed = true
      for (const exchange of MutableList.takeAll(waiting)) exchange.stop(closed)
      sockets.close()
      return Promise.all(clients.map((client) => client.destroy()))
    },
  }
}
