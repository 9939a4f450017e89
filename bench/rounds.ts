import type { Case, Plan, Prepared, Run } from "./suite.ts"

/** One run of every peer, in a different order per round; ratios compare runs of the same round. */
export type Round = ReadonlyMap<string, Run>

const rotated = (names: ReadonlyArray<string>, by: number): ReadonlyArray<string> => {
  const turn = by % names.length
  return [...names.slice(turn), ...names.slice(0, turn)]
}

/** Tells whether the client, not the stub, was the limit of a run. */
const counts = ({ stubCores = 0 }: Run): boolean => stubCores < 0.9

/** Gives the runs of both peers from the rounds in which both count. */
export const countingRuns = (rounds: ReadonlyArray<Round>, peer: string, against: string) =>
  rounds.flatMap((round) => {
    const own = round.get(peer)
    const base = round.get(against)
    return own && base && counts(own) && counts(base) ? [{ own, base }] : []
  })

/** Measures rounds until every peer has enough counting runs, at most twice as many rounds as runs. */
export const measureRounds = async (
  { peers, reference }: Case,
  { run, derive = (round) => round }: Prepared,
  { runs, budgetMillis }: Plan,
  onRound: (round: number) => void,
): Promise<ReadonlyArray<Round>> => {
  const rounds: Array<Round> = []
  const started = performance.now()
  const isComplete = () =>
    peers.every((peer) => countingRuns(rounds, peer, reference).length >= runs) || rounds.length >= 2 * runs
  const fits = () => {
    const elapsed = performance.now() - started
    return rounds.length === 0 || elapsed + elapsed / rounds.length < budgetMillis
  }
  while (!isComplete() && fits()) {
    onRound(rounds.length + 1)
    const round = new Map<string, Run>()
    for (const peer of rotated(peers, rounds.length)) round.set(peer, await run(peer))
    rounds.push(derive(round))
  }
  return rounds
}
