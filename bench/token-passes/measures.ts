import { measured } from "../children.ts"
import type { Measure, Prepared } from "../suite.ts"
import type { Job } from "./job.ts"

/** The measures of the worker in this folder. */
export const measures: Readonly<Record<string, Measure>> = {
  cpuPerToken: { title: "CPU per token", unit: "us", digits: 2, shows: ["ratio", "value"] },
}

/** Prepares a job for the peers in a folder. */
export const inPasses = (folder: string, job: Job): Prepared => ({
  about: `tokens of ${job.tokens[0]?.length} bytes`,
  run: (peer) => measured("token-passes/worker.ts", `${folder}/${peer}`, job),
})
