/** Which connections wait for a response that may never come. */
import type { Connection } from "./undici-exchange.ts"

/**
 * From when on an exchange no longer counts for the number of connections, in milliseconds. Requests that the server
 * never answers would otherwise hold every connection, and all others would wait for one until their deadline.
 */
export const hangsAfter = 100

/** Makes a function that counts them, anew after a tenth of `after` at most: it is asked at the limit only. */
export const hangingConnections = (connections: Iterable<Connection>, after: number): (() => number) => {
  let countedAt = Number.NEGATIVE_INFINITY
  let count = 0
  return () => {
    const now = performance.now()
    if (now - countedAt < after / 10) return count
    countedAt = now
    count = 0
    for (const { busySince } of connections) if (now - busySince >= after) count += 1
    return count
  }
}
