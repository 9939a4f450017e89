import { type Goal, isMet } from "./goals.ts"
import { countingRuns, type Round } from "./rounds.ts"
import { type Spread, spread } from "./statistics.ts"
import type { Case } from "./suite.ts"

/** One peer against the reference: ratios are computed per round, then summarized. */
export interface Row {
  readonly peer: string
  readonly runs: number
  readonly discarded: number
  readonly ratios: Readonly<Record<string, Spread>>
  /** In the units of the measures. */
  readonly values: Readonly<Record<string, Spread>>
}

/** A goal with its measured value. */
export interface Verdict extends Goal {
  readonly measured: number
  readonly range: Spread["interval"]
  readonly met: boolean
}

type Pairs = ReturnType<typeof countingRuns>

/** Summarizes the measures; leaves out a measure that no run has. */
const summarize = (
  pairs: Pairs,
  measures: ReadonlyArray<string>,
  number: (pair: Pairs[number], of: string) => number,
) =>
  Object.fromEntries(
    measures.flatMap((measure) => {
      const numbers = pairs.map((pair) => number(pair, measure)).filter(Number.isFinite)
      return numbers.length === 0 ? [] : [[measure, spread(numbers)]]
    }),
  )

const ownOf = ({ own }: Pairs[number], measure: string): number => own[measure] ?? Number.NaN
const ratioOf = ({ own, base }: Pairs[number], measure: string): number =>
  (own[measure] ?? Number.NaN) / (base[measure] ?? Number.NaN)

/** Compares the peers of a case with its reference; a peer without a counting run has no row. */
export const compare = (
  { peers, reference }: Case,
  measures: ReadonlyArray<string>,
  rounds: ReadonlyArray<Round>,
): ReadonlyArray<Row> =>
  peers.flatMap((peer) => {
    const pairs = countingRuns(rounds, peer, reference)
    if (pairs.length === 0) return []
    return {
      peer,
      runs: pairs.length,
      discarded: rounds.length - pairs.length,
      ratios: summarize(pairs, measures, ratioOf),
      values: summarize(pairs, measures, ownOf),
    }
  })

/** Gives the value for a goal: the median, or for an exact goal a value that differs, if any run has one. */
const valueFor = ({ bound, limit }: Goal, { median, min, max }: Spread): number =>
  bound === "exactly" ? (min === limit ? max : min) : median

/** Compares the rounds with the goals of the measured peers. */
export const judge = ({ goals, reference }: Case, rounds: ReadonlyArray<Round>): ReadonlyArray<Verdict> =>
  goals.flatMap((goal) => {
    const pairs = countingRuns(rounds, goal.peer, goal.against ?? reference)
    const summary = summarize(pairs, [goal.measure], goal.absolute ? ownOf : ratioOf)[goal.measure]
    if (summary === undefined) return []
    const measured = valueFor(goal, summary)
    const [low, high] = summary.interval
    const best = goal.bound === "at most" ? low : high
    return { ...goal, measured, range: summary.interval, met: isMet(goal, goal.interval ? best : measured) }
  })
