import type { Goal } from "./goals.ts"

/** The measurements of one peer in one process, by the name of the measure; unknown measures are absent. */
export type Run = Readonly<Record<string, number>>

/** The name and format of a measure: shown as a ratio to the reference, as the median, or as both in order. */
export interface Measure {
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly shows: ReadonlyArray<"ratio" | "value">
}

/** The number of measurements of a suite's cases. */
export interface Plan {
  /** The number of counting runs per peer. */
  readonly runs: number
  /** A round does not start if it would end after this time. */
  readonly budgetMillis: number
}

/** A case that is ready for measurement. */
export interface Prepared {
  /** A description for the title of the table. */
  readonly about: string
  /** Runs a peer once, in a new process. */
  readonly run: (peer: string) => Promise<Run>
  /** Adds measures that compare the peers of a round. */
  readonly derive?: (round: ReadonlyMap<string, Run>) => ReadonlyMap<string, Run>
  readonly stop?: () => void
}

/** A task that every peer performs; the reference counts as 1.00. */
export interface Case {
  readonly reference: string
  readonly peers: ReadonlyArray<string>
  readonly goals: ReadonlyArray<Goal>
  /** Prepares what the runs of the case share. */
  readonly prepare: (quick: boolean) => Promise<Prepared>
}

/** Cases with the same measures. */
export interface Suite {
  readonly measures: Readonly<Record<string, Measure>>
  readonly cases: Readonly<Record<string, Case>>
  readonly full: Plan
  readonly quick: Plan
}

/** Makes a plan without a time budget. */
export const unlimited = (runs: number): Plan => ({ runs, budgetMillis: Number.POSITIVE_INFINITY })
