/// <reference path="./undici-parts.d.ts" />
/** The connections to one origin, each of which carries one exchange at a time (decision 0018). */
import type { Socket } from "node:net"
import * as MutableList from "effect/MutableList"
// The whole of undici takes more than twice as long to load, and is needed for proxies only.
import buildConnector from "undici/lib/core/connect.js"
import Client from "undici/lib/dispatcher/client.js"
import { closed } from "./policy.ts"
import type { Connection, Connections, Exchange } from "./undici-exchange.ts"

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

/** Where a socket puts what it reads; one for all, for it is copied at once. */
const reading = Buffer.allocUnsafe(64 << 10)

/**
 * Makes what opens sockets; one for all that go to an origin, for it remembers the TLS sessions. They read into one buffer,
 * where Node would make one of 64 KiB for every read and cut it down to what came.
 */
const makeConnector = (allowH2: boolean): buildConnector.connector => {
  const onread = { buffer: reading, callback: (_bytes: number, _from: Uint8Array) => true }
  const connect = buildConnector({ allowH2, onread })
  return (options, opened) => {
    let socket: Socket | undefined
    // A socket takes it when it is made, and reads nothing before it is open.
    onread.callback = (bytes) => {
      const came = Buffer.allocUnsafe(bytes)
      reading.copy(came, 0, 0, bytes)
      return socket?.push(came) ?? false
    }
    connect(options, (...result) => {
      socket = result[1] ?? undefined
      opened(...result)
    })
  }
}

/** Makes a place from which connections to an origin are opened as they are needed. The one that was used last is used next. */
export const makeConnections = (origin: string): Connections => {
  const { connections: most, allowH2, ...limits } = settings
  const connect = makeConnector(allowH2)
  const clients: Array<Client> = []
  const free: Array<Connection> = []
  const waiting = MutableList.make<Exchange>()
  /** They have just ended an exchange, and are free in a moment. */
  const resting: Array<Connection> = []
  let isResting = false
  let isClosed = false

  const open = (): Connection => {
    const client = new Client(origin, { ...limits, connect })
    clients.push(client)
    const connection: Connection = {
      isWhole: true,
      carry: (exchange) => {
        exchange.connection = connection
        client.dispatch(exchange, exchange)
      },
      ended: (well) => {
        connection.isWhole = well
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
    if (connection.isWhole) free.push(connection)
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
      return Promise.all(clients.map((client) => client.destroy()))
    },
  }
}
