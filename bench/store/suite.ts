import { measured } from "../children.ts"
import { type Suite, unlimited } from "../suite.ts"
import type { Job } from "./worker.ts"

/** The mixed work adds some new keys, so the full store evicts as many. */
const job: Job = { entries: 1_000_000, operations: 1_000_000 }

/** Measures the bounded store alone, when it is full. */
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
  full: unlimited(7),
  quick: unlimited(3),
}
