/** Connections whose exchange has just ended. */
import { setImmediate } from "../../internal/real-timers.ts"

export interface Settling<Connection> {
  /** The number of connections that will be released in the next turn of the event loop. */
  readonly count: () => number
  readonly add: (connection: Connection) => void
}

/**
 * Releases connections in the next turn of the event loop. Before undici writes to a socket that was idle for a turn, it
 * checks the socket for unrequested data and for its end. Without the pause, such data would be the next response.
 */
export const makeSettling = <Connection>(release: (connection: Connection) => void): Settling<Connection> => {
  const settling: Array<Connection> = []
  let isScheduled = false
  const settleNextTurn = (): void => {
    if (isScheduled || settling.length === 0) return
    isScheduled = true
    setImmediate?.(() => {
      isScheduled = false
      for (let count = settling.length; count > 0; count--) {
        const settled = settling.shift()
        if (settled !== undefined) release(settled)
      }
      settleNextTurn()
    })
  }
  return {
    count: () => settling.length,
    add: (connection) => {
      settling.push(connection)
      settleNextTurn()
    },
  }
}
