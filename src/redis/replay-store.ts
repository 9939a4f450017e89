/** A replay store that all processes of a fleet share (RFC 9449 section 11.1). */
import type { ReplayStore } from "../guard/replay.ts"
import { AuthError } from "../ports/errors.ts"
import type { KeysOf } from "./entries.ts"
import { type ReplayStoreOptions, replayStoreProblems } from "./options.ts"
import type { RunScript } from "./script-runner.ts"

/**
 * Makes the store. A reservation rejects while the server does not answer, and for a proof that may have been spent
 * before the store lost its data.
 */
export const redisReplayStore = (run: RunScript, keysOf: KeysOf, options: ReplayStoreOptions = {}): ReplayStore => {
  const issues = replayStoreProblems(options)
  if (issues.length > 0)
    throw new AuthError({ provider: "latchkey", operation: "replayStore", reason: { _tag: "InvalidConfig", issues } })
  const { maxPerKey = 10_000 } = options
  return {
    reserve: async (key, until, owner, usableSince) => {
      const lifetime = Math.max(1, Math.ceil(until - Date.now()))
      const [ownerKey] = keysOf("owner of proofs", owner)
      const keys = [ownerKey, ...keysOf("proof", key)]
      const answer = Number(await run("reserve", keys, [lifetime, maxPerKey, usableSince ?? ""]))
      if (answer === 1) return "fresh"
      if (answer === 0) return "seen"
      throw new Error(problems.get(answer) ?? "the replay store did not answer")
    },
  }
}

const problems: ReadonlyMap<number, string> = new Map([
  [2, "the key has its whole share of the replay store"],
  [3, "the proof is older than the replay store, which may have been emptied since the proof was spent"],
])
