import { measured } from "../children.ts"
import { type Suite, unlimited } from "../suite.ts"
import type { Job } from "./worker.ts"

const full: Job = { callers: 1000, waves: 50 }
const quick: Job = { callers: 1000, waves: 20 }

/** Measures many concurrent introspections of the same new token; the vendor must get one request. */
export const stampede: Suite = {
  measures: {
    upstreamCalls: { title: "upstream calls", unit: "", digits: 0, shows: ["value"] },
    cpuPerCaller: { title: "CPU per caller", unit: "us", digits: 2, shows: ["ratio", "value"] },
  },
  cases: {
    stampede: {
      reference: "shared-promise",
      peers: ["shared-promise", "latchkey"],
      goals: [{ peer: "latchkey", measure: "upstreamCalls", bound: "exactly", limit: 1, absolute: true }],
      prepare: async (isQuick) => {
        const job = isQuick ? quick : full
        return {
          about: `${job.callers} concurrent callers of one token`,
          run: (peer) => measured("stampede/worker.ts", `stampede/peers/${peer}`, job),
        }
      },
    },
  },
  full: unlimited(7),
  quick: unlimited(3),
}
