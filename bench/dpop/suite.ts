import { type Case, type Suite, unlimited } from "../suite.ts"
import { inPasses, measures } from "../token-passes/measures.ts"
import { makeMaterial } from "./material.ts"

const full = { tokens: 1500, warmUp: 4, counted: 6 }
const quick = { tokens: 600, warmUp: 6, counted: 3 }

const request: Case = {
  reference: "node-crypto",
  peers: ["node-crypto", "latchkey", "jose"],
  goals: [{ peer: "latchkey", measure: "cpuPerToken", bound: "at most", limit: 1.3 }],
  prepare: async (isQuick) => {
    const { tokens: count, ...passes } = isQuick ? quick : full
    const { trust, first, forged, requests } = await makeMaterial(count)
    return inPasses("dpop/peers", {
      input: trust,
      primed: first,
      tokens: requests,
      invalid: forged,
      newCheckerPerPass: true,
      passes: { ...passes, repeats: 1 },
    })
  },
}

/** Measures a request with DPoP, whose token and proof are new, against Node's two signature checks alone. */
export const dpop: Suite = {
  measures,
  cases: { "ES256 token and proof": request },
  full: unlimited(7),
  quick: unlimited(3),
}
