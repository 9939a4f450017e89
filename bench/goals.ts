import type { Measure } from "./measurement.ts"

/** What a peer promises, as a ratio to the reference of its suite. */
export interface Goal {
  readonly peer: string
  readonly measure: Measure
  readonly bound: "at least" | "at most"
  readonly limit: number
}

export const goals: ReadonlyArray<Goal> = [
  { peer: "latchkey", measure: "callsPerSecond", bound: "at least", limit: 1.0 },
  { peer: "latchkey", measure: "p50", bound: "at most", limit: 1.15 },
  { peer: "latchkey", measure: "cpuPerCall", bound: "at most", limit: 1.0 },
]

/** Tells whether a measured ratio keeps the goal. */
export const isMet = (goal: Goal, ratio: number): boolean =>
  goal.bound === "at least" ? ratio >= goal.limit : ratio <= goal.limit
