import { randomBytes } from "node:crypto"
import { type Suite, unlimited } from "../suite.ts"
import { inPasses, measures } from "../token-passes/measures.ts"

const full = { warmUp: 4, counted: 6, repeats: 500 }
const quick = { warmUp: 4, counted: 3, repeats: 500 }

const tokenCount = 100

const random = (bytes: number): string => randomBytes(bytes).toString("base64url")
/** Makes an opaque token of 87 characters, as Hydra does. */
const makeToken = (): string => `ory_at_${random(32)}.${random(27)}`

/** Measures cache hits: repeated introspections of tokens whose results are cached. */
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
          input: tokens,
          primed: tokens,
          tokens,
          invalid: makeToken(),
          newCheckerPerPass: false,
          passes: isQuick ? quick : full,
        })
      },
    },
  },
  full: unlimited(7),
  quick: unlimited(3),
}
