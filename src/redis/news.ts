/** The messages with which processes report ends to each other. */
import type { FleetEnd } from "../ports/fleet.ts"
import type { Connection } from "./client.ts"
import type { Sealing } from "./sealing.ts"

export interface News {
  /** Returns the message about ends, which only the processes of the fleet can read. */
  readonly message: (ends: ReadonlyArray<FleetEnd>) => string
  readonly onEnd: (listener: (end: FleetEnd | "unknown") => void) => () => void
  readonly close: () => void
}

/** Makes the news of a channel. The subscription begins with the first listener. */
export const makeNews = (connection: Connection, channel: string, sealing: Sealing): News => {
  const self = crypto.randomUUID()
  const listeners = new Set<(end: FleetEnd | "unknown") => void>()
  let unsubscribe: (() => void) | undefined
  // Each break is reported once, however often the client tries to reconnect.
  let isBroken = false

  const tell = (end: FleetEnd | "unknown") => {
    for (const listener of listeners) listener(end)
  }

  const read = (message: string): ReadonlyArray<FleetEnd> | undefined => {
    const text = sealing.open(message, channel)
    if (text === undefined) return undefined
    const { from, ends }: { readonly from: string; readonly ends: ReadonlyArray<FleetEnd> } = JSON.parse(text)
    return from === self ? [] : ends
  }

  const subscribe = () =>
    connection.subscribe(channel, {
      onMessage: (message) => {
        const ends = read(message)
        // What nobody of the fleet sent, or a process with another secret, may stand for an end.
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
    message: (ends) => sealing.seal(JSON.stringify({ from: self, ends }), channel),
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
