/** Ends tokens for every process of a fleet, and tries again what the server has not confirmed. */
import type { FleetEnd } from "../ports/fleet.ts"
import type { News } from "./news.ts"
import { endTexts } from "./parties.ts"
import type { RunScript } from "./script-runner.ts"
import type { Sealing } from "./sealing.ts"

/**
 * How many ends are tried again one by one. Beyond, every entry of their servers ends instead: to give up the oldest end would
 * let a stranger who revokes many texts undo the revocations of others.
 */
const mostUnconfirmed = 1000

export interface Ends {
  readonly end: (ends: ReadonlyArray<FleetEnd>) => Promise<boolean>
  /** Tries unconfirmed ends again. Returns whether there are none any more. */
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
    // Another end may have failed meanwhile.
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
