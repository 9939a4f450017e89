import { measured } from "../children.ts"
import { type Suite, unhurried } from "../suite.ts"
import type { Job } from "./worker.ts"

const full: Job = { callers: 1000, waves: 50 }
const quick: Job = { callers: 1000, waves: 20 }

/** Many ask about the same token at once, of which nothing is known: the vendor is to hear of it once. */
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
          about: `${job.callers} callers of one token at once`,
          run: (peer) => measured("stampede/worker.ts", `stampede/peers/${peer}`, job),
        }
      },
    },
  },
  full: unhurried(7),
  quick: unhurried(3),
}
