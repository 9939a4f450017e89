/** The messages with which processes report ends to each other. */
import type { FleetEnd } from "../ports/fleet.ts"
import type { Connection } from "./client.ts"
import { callEach } from "./listeners.ts"
import { newsText, readNews } from "./news-text.ts"
import type { Sealing } from "./sealing.ts"

/** In characters. A message about 1,000 ends has about 200,000. */
const longestMessage = 1 << 20

export interface News {
  /** Returns the message about ends, which only the processes of the fleet can read. */
  readonly message: (ends: ReadonlyArray<FleetEnd>) => string
  readonly onEnd: (listener: (end: FleetEnd | "unknown") => void) => () => void
  readonly close: () => void
}

/** Makes the news of a channel. The subscription begins with the first listener. */
export const makeNews = (connection: Pick<Connection, "subscribe">, channel: string, sealing: Sealing): News => {
  const self = crypto.randomUUID()
  const listeners = new Set<(end: FleetEnd | "unknown") => void>()
  let unsubscribe: (() => void) | undefined
  // Each break is reported once, however often the client tries to reconnect.
  let isBroken = false

  const tell = (end: FleetEnd | "unknown") => callEach(listeners, end)

  /** The sender of a message may be any client that can publish to the channel. */
  const read = (message: string): ReadonlyArray<FleetEnd> | undefined => {
    const text = message.length > longestMessage ? undefined : sealing.open(message, channel)
    const news = text === undefined ? undefined : readNews(text)
    return news?.from === self ? [] : news?.ends
  }

  const subscribe = () =>
    connection.subscribe(channel, {
      onMessage: (message) => {
        const ends = read(message)
        // A message that cannot be read may report an end: it may come from a process with another secret or version.
        if (ends === undefined) tell("unknown")
        else for (const end of ends) tell(end)
      },
      onBreak: () => {
        if (!isBroken) tell("unknown")
        isBroken = true
      },
      onSubscribed: () => {
        isBroken = false
        tell("unknown")
      },
    })

  return {
    message: (ends) => sealing.seal(newsText({ from: self, ends }), channel),
    onEnd: (listener) => {
      listeners.add(listener)
      unsubscribe ??= subscribe()
      return () => listeners.delete(listener)
    },
    close: () => {
      listeners.clear()
      unsubscribe?.()
      unsubscribe = undefined
    },
  }
}
