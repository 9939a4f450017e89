/** Ends tokens for every process of a fleet, and sends an end again until the server has confirmed it. */
import type { FleetEnd } from "../ports/fleet.ts"
import type { News } from "./news.ts"
import { endTexts } from "./parties.ts"
import type { RunScript } from "./script-runner.ts"
import type { Sealing } from "./sealing.ts"

/**
 * How many unconfirmed ends are remembered one by one. If there are more, every entry of their issuers ends instead: if
 * the oldest end were dropped, a stranger who revokes many texts could undo the revocations of others.
 */
const mostUnconfirmed = 1000

export interface Ends {
  readonly end: (ends: ReadonlyArray<FleetEnd>) => Promise<boolean>
  /** Sends unconfirmed ends again. Returns whether all are confirmed. */
  readonly flush: () => Promise<boolean>
}

export const makeEnds = (run: RunScript, channel: string, sealing: Sealing, news: News): Ends => {
  const unconfirmed = new Map<string, FleetEnd>()
  let flushing: Promise<boolean> | undefined

  const send = async (ends: ReadonlyArray<FleetEnd>): Promise<boolean> => {
    const raised = ends.filter(({ outdates }) => outdates !== true)
    const names = raised.flatMap(endTexts).flatMap((text) => sealing.names("party", text))
    return (await run("end", [], [channel, news.message(ends), ...names])) !== undefined
  }

  const note = (ends: ReadonlyArray<FleetEnd>): void => {
    for (const each of ends) unconfirmed.set(JSON.stringify(each), each)
    if (unconfirmed.size <= mostUnconfirmed) return
    const servers = new Set(Array.from(unconfirmed.values(), ({ server }) => server))
    unconfirmed.clear()
    for (const server of servers) unconfirmed.set(server, { server })
  }

  const again = async (): Promise<boolean> => {
    const ends = Array.from(unconfirmed.values())
    unconfirmed.clear()
    const isConfirmed = await send(ends)
    if (!isConfirmed) note(ends)
    // Another end may have failed in the meantime.
    return unconfirmed.size === 0
  }

  return {
    end: async (ends) => {
      const isConfirmed = await send(ends)
      if (!isConfirmed) note(ends)
      return isConfirmed
    },
    flush: () => {
      if (unconfirmed.size === 0) return flushing ?? none
      flushing ??= again().finally(() => {
        flushing = undefined
      })
      return flushing
    },
  }
}

const none = Promise.resolve(true)
