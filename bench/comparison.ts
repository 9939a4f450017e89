import { type Goal, isMet } from "./goals.ts"
import { countingRuns, type Round } from "./rounds.ts"
import { type Spread, spread } from "./statistics.ts"
import type { Case } from "./suite.ts"

/** One peer against the reference: ratios made within each round, then summed up. */
export interface Row {
  readonly peer: string
  readonly runs: number
  readonly discarded: number
  readonly ratios: Readonly<Record<string, Spread>>
  /** In the units of the measures. */
  readonly values: Readonly<Record<string, Spread>>
}

/** A goal with what was measured. */
export interface Verdict extends Goal {
  readonly measured: number
  readonly met: boolean
}

type Pairs = ReturnType<typeof countingRuns>

/** A measure that a run does not have is left out. */
const summedUp = (pairs: Pairs, measures: ReadonlyArray<string>, number: (pair: Pairs[number], of: string) => number) =>
  Object.fromEntries(
    measures.flatMap((measure) => {
      const numbers = pairs.map((pair) => number(pair, measure)).filter(Number.isFinite)
      return numbers.length === 0 ? [] : [[measure, spread(numbers)]]
    }),
  )

const ownOf = ({ own }: Pairs[number], measure: string): number => own[measure] ?? Number.NaN
const ratioOf = ({ own, base }: Pairs[number], measure: string): number =>
  (own[measure] ?? Number.NaN) / (base[measure] ?? Number.NaN)

/** Compares the peers of a case with its reference; one of which no run counts has no row. */
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
      ratios: summedUp(pairs, measures, ratioOf),
      values: summedUp(pairs, measures, ownOf),
    }
  })

/** What must be exact must be so in every run. */
const toJudge = ({ bound, limit }: Goal, { median, min, max }: Spread): number =>
  bound === "exactly" ? (min === limit ? max : min) : median

/** Holds the rounds against the goals of the peers that were measured. */
export const judge = ({ goals, reference }: Case, rounds: ReadonlyArray<Round>): ReadonlyArray<Verdict> =>
  goals.flatMap((goal) => {
    const pairs = countingRuns(rounds, goal.peer, goal.against ?? reference)
    const found = summedUp(pairs, [goal.measure], goal.absolute ? ownOf : ratioOf)[goal.measure]
    if (found === undefined) return []
    const measured = toJudge(goal, found)
    return { ...goal, measured, met: isMet(goal, measured) }
  })
