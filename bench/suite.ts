import type { Goal } from "./goals.ts"

/** What one peer did in one process of its own, by the name of the measure; what it cannot tell is not there. */
export type Run = Readonly<Record<string, number>>

/** How a measure is named and shown: as a ratio to the reference, as the median itself, or as both, in that order. */
export interface Measure {
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly shows: ReadonlyArray<"ratio" | "value">
}

/** How often the cases of a suite are measured. */
export interface Plan {
  /** Counting runs wanted of every peer. */
  readonly runs: number
  /** No round begins that would not end within this time. */
  readonly budgetMillis: number
}

/** A case that is ready to be measured. */
export interface Prepared {
  /** What a reader of the table must know about it. */
  readonly about: string
  /** Runs a peer once, in a process of its own. */
  readonly run: (peer: string) => Promise<Run>
  readonly stop?: () => void
}

/** One question that every peer answers; the reference counts as 1.00. */
export interface Case {
  readonly reference: string
  readonly peers: ReadonlyArray<string>
  readonly goals: ReadonlyArray<Goal>
  /** Makes what every run of the case shares. */
  readonly prepare: (quick: boolean) => Promise<Prepared>
}

/** Cases that are measured in the same way. */
export interface Suite {
  readonly measures: Readonly<Record<string, Measure>>
  readonly cases: Readonly<Record<string, Case>>
  readonly full: Plan
  readonly quick: Plan
}

/** As many runs as it takes, however long. */
export const unhurried = (runs: number): Plan => ({ runs, budgetMillis: Number.POSITIVE_INFINITY })
