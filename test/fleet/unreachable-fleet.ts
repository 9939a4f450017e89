/** A fleet whose store never answers. */
import type { Fleet, FleetFailure } from "latchkey"

export const unreachableFleet: Fleet = {
  revision: async () => undefined,
  find: async () => undefined,
  claim: async () => undefined,
  put: async () => undefined,
  end: async () => false,
  onEnd: () => () => undefined,
  onAvailability: () => () => undefined,
  get: async () => undefined,
  set: async () => false,
  lock: async () => "unavailable",
  close: async () => undefined,
}

/** A fleet whose store never answers, and that reports an outage when the test says so. */
export const reportingFleet = () => {
  const listeners = new Set<Parameters<Fleet["onAvailability"]>[0]>()
  const fleet: Fleet = {
    ...unreachableFleet,
    onAvailability: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const report = (failure: FleetFailure | undefined) => {
    for (const listener of listeners) listener(failure)
  }
  return { fleet, listeners, report }
}

export const noReply: FleetFailure = { since: Date.UTC(2026, 0, 1), detail: "no reply within 25 ms" }
