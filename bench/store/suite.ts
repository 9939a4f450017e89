import { measured } from "../children.ts"
import { type Suite, unhurried } from "../suite.ts"
import type { Job } from "./worker.ts"

/** Some keys are new ones in the mixed work: the store that is full must drive out as many. */
const job: Job = { entries: 1_000_000, operations: 1_000_000 }

/** What is remembered, by itself: a store that is full. */
export const store: Suite = {
  measures: {
    cpuPerOperation: { title: "CPU per operation", unit: "us", digits: 2, shows: ["ratio", "value"] },
    bytesPerEntry: { title: "bytes per entry", unit: "", digits: 1, shows: ["value"] },
  },
  cases: {
    store: {
      reference: "bare-map",
      peers: ["bare-map", "latchkey"],
      goals: [
        { peer: "latchkey", measure: "cpuPerOperation", bound: "at most", limit: 3 },
        { peer: "latchkey", measure: "bytesPerEntry", bound: "at most", limit: 120, absolute: true },
      ],
      prepare: async () => ({
        about: `${job.entries} entries, bytes with the key and without the value`,
        run: (peer) => measured("store/worker.ts", `store/peers/${peer}`, job),
      }),
    },
  },
  full: unhurried(7),
  quick: unhurried(3),
}
