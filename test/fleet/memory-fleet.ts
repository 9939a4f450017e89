/** A fleet in memory, whose clock a test moves. Several clients that share it stand for processes. */
import type { Fleet, FleetEnd, FleetLock, FleetParties } from "latchkey"

interface Entry {
  readonly value: string
  readonly startedAt: number
  readonly endsAt: number
  readonly parties: FleetParties
  readonly number: number
}

export interface MemoryFleet extends Fleet {
  /** Whether the store answers. */
  isUp: boolean
  /** Whether it takes values. */
  takesValues: boolean
  /** Milliseconds by the clock of the store. */
  now: number
  /** The values that it holds, with the time until which it holds them. */
  readonly entries: ReadonlyMap<string, Entry>
  readonly claims: () => number
}

const covers = (end: FleetEnd, parties: FleetParties): boolean =>
  end.server === parties.server &&
  (["token", "subject", "clientId", "session"] as const).every(
    (name) => end[name] === undefined || end[name] === parties[name],
  )

/** Makes a fleet. `now`: the clock of the store; it stands still unless the test moves it. */
export const memoryFleet = (): MemoryFleet => {
  const entries = new Map<string, Entry>()
  const locks = new Map<string, { readonly owner: symbol; readonly endsAt: number }>()
  const ends: Array<readonly [FleetEnd, number]> = []
  const listeners = new Set<(end: FleetEnd | "unknown") => void>()
  let number = 0
  let claims = 0
  const take = (key: string, lifetime: number): FleetLock | "taken" => {
    if ((locks.get(key)?.endsAt ?? 0) > fleet.now) return "taken"
    const owner = Symbol(key)
    locks.set(key, { owner, endsAt: fleet.now + lifetime })
    const release = async () => {
      if (locks.get(key)?.owner === owner) locks.delete(key)
    }
    return { release }
  }
  const hasEnded = ({ parties, number: stored }: Entry) =>
    ends.some(([end, at]) => at > stored && end.outdates !== true && covers(end, parties))
  const claim: Fleet["claim"] = async (key, { maxAge, lockFor }) => {
    claims += 1
    if (!fleet.isUp) return undefined
    const entry = entries.get(key)
    const age = entry === undefined ? 0 : fleet.now - entry.startedAt
    if (entry !== undefined && entry.endsAt > fleet.now && age <= maxAge && !hasEnded(entry))
      return { entry: { value: entry.value, age } }
    const lock = lockFor > 0 ? take(key, lockFor) : "none"
    return { revision: JSON.stringify([number, fleet.now]), lock }
  }
  const fleet: MemoryFleet = {
    ...{ isUp: true, takesValues: true, now: 1_000_000, entries, claims: () => claims, claim },
    revision: async () => (fleet.isUp ? JSON.stringify([number, fleet.now]) : undefined),
    find: async (key) => (await claim(key, { maxAge: 86_400_000, lockFor: 0 }))?.entry,
    put: async (key, value, { revision, parties, lifetime, lock }) => {
      if (!fleet.isUp || !fleet.takesValues) return
      await lock?.release()
      const [at, startedAt] = JSON.parse(revision) as readonly [number, number]
      const entry = { value, startedAt, endsAt: fleet.now + lifetime, parties, number: at }
      if (!hasEnded(entry)) entries.set(key, entry)
    },
    end: async (...each) => {
      if (!fleet.isUp) return false
      number += 1
      for (const end of each) {
        ends.push([end, number])
        for (const listener of listeners) listener(end)
      }
      return true
    },
    onEnd: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onAvailability: () => () => undefined,
    get: async () => undefined,
    set: async () => false,
    lock: async (key, lifetime) => (fleet.isUp ? take(`lock ${key}`, lifetime) : "unavailable"),
    close: async () => undefined,
  }
  return fleet
}
