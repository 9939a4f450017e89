import { type Goal, goals, isMet } from "./goals.ts"
import type { Measure, Run } from "./measurement.ts"
import { countingRuns, type Round } from "./rounds.ts"
import { median, type Spread, spread } from "./statistics.ts"
import type { Suite } from "./suites.ts"

/** One peer against the reference: ratios made within each round, then summed up. */
export interface Row {
  readonly peer: string
  readonly runs: number
  readonly discarded: number
  readonly ratios: Readonly<Record<Measure, Spread>>
  /** Medians, in the units that `Run` gives. */
  readonly absolute: Readonly<Record<Measure, number>>
  readonly stubCores: number
}

/** A goal with what was measured. */
export interface Verdict extends Goal {
  readonly measured: number
  readonly met: boolean
}

const everyMeasure = <A>(of: (measure: Measure) => A): Record<Measure, A> => ({
  callsPerSecond: of("callsPerSecond"),
  p50: of("p50"),
  cpuPerCall: of("cpuPerCall"),
  coldStart: of("coldStart"),
})

const row = (peer: string, rounds: ReadonlyArray<Round>, reference: string): Row | undefined => {
  const pairs = countingRuns(rounds, peer, reference)
  if (pairs.length === 0) return undefined
  const medianOf = (read: (run: Run) => number) => median(pairs.map(({ own }) => read(own)))
  return {
    peer,
    runs: pairs.length,
    discarded: rounds.length - pairs.length,
    ratios: everyMeasure((measure) => spread(pairs.map(({ own, base }) => own[measure] / base[measure]))),
    absolute: everyMeasure((measure) => medianOf((run) => run[measure])),
    stubCores: medianOf((run) => run.stubCores),
  }
}

/** Compares the peers with the reference of the suite; one of which no run counts has no row. */
export const compare = (suite: Suite, peers: ReadonlyArray<string>, rounds: ReadonlyArray<Round>): ReadonlyArray<Row> =>
  peers.flatMap((peer) => row(peer, rounds, suite.reference) ?? [])

/** Holds the rows against the goals of the peers that were measured. */
export const judge = (rows: ReadonlyArray<Row>): ReadonlyArray<Verdict> =>
  goals.flatMap((goal) => {
    const measured = rows.find((candidate) => candidate.peer === goal.peer)?.ratios[goal.measure].median
    return measured === undefined ? [] : [{ ...goal, measured, met: isMet(goal, measured) }]
  })
