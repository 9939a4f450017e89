import { runOnce, startOnce } from "./children.ts"
import { counts, type Run, type Sizes } from "./measurement.ts"
import type { Suite } from "./suites.ts"

/** How often and how long a suite is measured. */
export interface Plan {
  /** Counting runs wanted of every peer. */
  readonly runs: number
  readonly sizes: Sizes
  /** No round begins that would not end within this time. */
  readonly budgetMillis: number
}

/** One run of every peer, in an order of its own; what is compared was measured in the same round. */
export interface Round {
  readonly floorMillis: number
  readonly runs: ReadonlyMap<string, Run>
}

const rotated = (names: ReadonlyArray<string>, by: number): ReadonlyArray<string> => {
  const turn = by % names.length
  return [...names.slice(turn), ...names.slice(0, turn)]
}

/** The rounds in which both the peer and the reference, and not the stub, were the limit. */
export const countingRuns = (rounds: ReadonlyArray<Round>, peer: string, reference: string) =>
  rounds.flatMap((round) => {
    const own = round.runs.get(peer)
    const base = round.runs.get(reference)
    return own && base && counts(own) && counts(base) ? [{ own, base }] : []
  })

/** Measures round after round until every peer has its runs, at most twice as many rounds as runs were asked for. */
export const measureRounds = async (
  suite: Suite,
  peers: ReadonlyArray<string>,
  url: string,
  plan: Plan,
  onRound: (round: number) => void,
): Promise<ReadonlyArray<Round>> => {
  const rounds: Array<Round> = []
  const started = performance.now()
  const isComplete = () =>
    peers.every((peer) => countingRuns(rounds, peer, suite.reference).length >= plan.runs) ||
    rounds.length >= 2 * plan.runs
  const fits = () => {
    const elapsed = performance.now() - started
    return rounds.length === 0 || elapsed + elapsed / rounds.length < plan.budgetMillis
  }
  while (!isComplete() && fits()) {
    onRound(rounds.length + 1)
    const runs = new Map<string, Run>()
    const floorMillis = await startOnce(suite.floor, url)
    for (const peer of rotated(peers, rounds.length)) runs.set(peer, await runOnce(peer, url, plan.sizes))
    rounds.push({ floorMillis, runs })
  }
  return rounds
}
