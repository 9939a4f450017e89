/** The connections that wait for a response that may never arrive. */
import { clearTimeout, monotonicNow, setImmediate, setTimeout } from "../../internal/real-timers.ts"
import type { Connection } from "./undici-exchange.ts"

/**
 * The duration after which an exchange no longer counts in the number of connections, in milliseconds. Requests that
 * the server never answers would otherwise hold every connection, and all others would wait for one until their
 * deadline.
 */
export const hangsAfter = 100

/** Counts the connections that hang. */
export class HangingConnections {
  readonly #connections: Iterable<Connection>
  readonly #after: number
  readonly #hanging = new Set<Connection>()
  #timer: NodeJS.Timeout | undefined

  constructor(connections: Iterable<Connection>, after: number) {
    this.#connections = connections
    this.#after = after
  }

  get count(): number {
    return this.#hanging.size
  }

  ended(connection: Connection): void {
    this.#hanging.delete(connection)
  }

  /**
   * Counts the connections again later, and calls a function. It counts after the event loop has read what has arrived:
   * in a process that was busy, every exchange is old.
   */
  recount(then: () => void): void {
    this.#timer ??= setTimeout(() => {
      setImmediate?.(() => {
        this.#timer = undefined
        const now = monotonicNow()
        for (const connection of this.#connections)
          if (now - connection.busySince >= this.#after) this.#hanging.add(connection)
        then()
      })
    }, this.#after).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
