import { type Case, type Suite, unlimited } from "../suite.ts"
import { inPasses, measures } from "../token-passes/measures.ts"
import { type Algorithm, makeMaterial } from "./material.ts"

const full = { tokens: 2000, warmUp: 4, counted: 6 }
const quick = { tokens: 800, warmUp: 6, counted: 3 }

/** Few tokens, so that they fit every cache, each validated many times. */
const seenTokens = 100
const seenRepeats = 100

/** The tokens, the peers that validate them, and the limit for latchkey. */
interface Validation {
  readonly algorithm: Algorithm
  /** The same validator has validated the tokens before. */
  readonly seen?: true
  readonly peers: readonly [reference: string, ...others: ReadonlyArray<string>]
  readonly limit: number
}

const validation = ({ algorithm, seen, peers, limit }: Validation): Case => ({
  reference: peers[0],
  peers,
  goals: [{ peer: "latchkey", measure: "cpuPerToken", bound: "at most", limit }],
  prepare: async (isQuick) => {
    const { tokens: count, ...passes } = isQuick ? quick : full
    const { trust, tokens, first, forged } = await makeMaterial(algorithm, seen ? seenTokens : count)
    return inPasses("jwt/peers", {
      input: trust,
      primed: seen ? tokens : [first],
      tokens,
      invalid: forged,
      newCheckerPerPass: true,
      passes: { ...passes, repeats: seen ? seenRepeats : 1 },
    })
  },
})

const fresh = ["node-crypto-bare", "node-crypto", "latchkey", "fast-jwt", "jose"] as const

/** Measures local JWT validation against Node's own call and other libraries. */
export const jwt: Suite = {
  measures,
  cases: {
    RS256: validation({ algorithm: "RS256", peers: [...fresh, "kinde-validator"], limit: 1.3 }),
    ES256: validation({ algorithm: "ES256", peers: fresh, limit: 1.1 }),
    EdDSA: validation({ algorithm: "EdDSA", peers: fresh, limit: 1.1 }),
    "RS256 seen before": validation({
      algorithm: "RS256",
      seen: true,
      peers: ["fast-jwt-cached", "latchkey"],
      limit: 0.75,
    }),
  },
  full: unlimited(7),
  quick: unlimited(3),
}
