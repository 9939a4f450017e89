/** A fleet whose store never answers. */
import type { Fleet } from "latchkey"

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
