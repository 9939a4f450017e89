import { randomBytes } from "node:crypto"
import { type Suite, unhurried } from "../suite.ts"
import { inPasses, measures } from "../token-passes/measures.ts"

const full = { warmUp: 4, counted: 6, repeats: 500 }
const quick = { warmUp: 4, counted: 3, repeats: 500 }

const tokenCount = 100

const random = (bytes: number): string => randomBytes(bytes).toString("base64url")
/** Opaque and of 87 characters, as Hydra makes them. */
const makeToken = (): string => `ory_at_${random(32)}.${random(27)}`

/** Tokens that were asked about a moment ago, each again and again: nobody is asked any more. */
export const cached: Suite = {
  measures,
  cases: {
    cached: {
      reference: "hash-and-map",
      peers: ["hash-and-map", "latchkey"],
      goals: [{ peer: "latchkey", measure: "cpuPerToken", bound: "at most", limit: 1.5 }],
      prepare: async (isQuick) => {
        const tokens = Array.from({ length: tokenCount }, makeToken)
        return inPasses("cached/peers", {
          given: tokens,
          before: tokens,
          tokens,
          wrong: makeToken(),
          anew: false,
          passes: isQuick ? quick : full,
        })
      },
    },
  },
  full: unhurried(7),
  quick: unhurried(3),
}
