/** The values of a fleet that nothing ends, and its locks. */
import type { Fleet } from "../ports/fleet.ts"
import { type KeysOf, makeLock, newOwner } from "./entries.ts"
import type { RunScript } from "./script-runner.ts"
import type { Sealing } from "./sealing.ts"

export const makeValues = (run: RunScript, keysOf: KeysOf, sealing: Sealing): Pick<Fleet, "get" | "set" | "lock"> => ({
  get: async (key) => {
    const keys = keysOf("value", key)
    const answer = await run("get", keys, [])
    if (!Array.isArray(answer)) return undefined
    const texts: ReadonlyArray<unknown> = answer
    for (const [place, name] of keys.entries()) {
      const text = texts[place]
      const value = typeof text === "string" ? sealing.open(text, name) : undefined
      if (value !== undefined) return value
    }
    return undefined
  },
  set: async (key, value, lifetime) => {
    const [name] = keysOf("value", key)
    if (!(lifetime >= 1)) return false
    return (await run("set", [name], [sealing.seal(value, name), Math.floor(lifetime)])) !== undefined
  },
  lock: async (key, lifetime) => {
    const keys = keysOf("lock", key)
    const owner = newOwner()
    const answer = await run("lock", keys, [owner, Math.max(1, Math.ceil(lifetime))])
    if (answer === undefined) return "unavailable"
    return Number(answer) === 1 ? makeLock(run, keys, owner) : "taken"
  },
})
