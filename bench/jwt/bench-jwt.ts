import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type Spread, spread } from "../statistics.ts"
import { type Case, cases } from "./cases.ts"
import { type Material, makeMaterial } from "./material.ts"
import type { Passes } from "./worker.ts"

interface Plan {
  readonly runs: number
  readonly tokens: number
  readonly passes: Passes
}

const full: Plan = { runs: 7, tokens: 2000, passes: { warmUp: 4, counted: 6, repeats: 100 } }
const quick: Plan = { runs: 3, tokens: 800, passes: { warmUp: 6, counted: 3, repeats: 100 } }

/** Tokens that have been seen before are few, so that no cache is too small for them. */
const seenTokens = 100

/** One peer in one case: its time per token as a ratio to the reference of the same round, and its median. */
interface Row {
  readonly peer: string
  readonly ratio: Spread
  readonly micros: number
}

interface Result {
  readonly name: string
  readonly limit: number
  readonly bytes: number
  readonly rows: ReadonlyArray<Row>
}

/** Microseconds of processor time per token, in a process of its own. */
const measured = async (peer: string, material: Material, passes: Passes): Promise<number> => {
  const file = fileURLToPath(new URL("worker.ts", import.meta.url))
  const child = fork(file, [peer], { stdio: ["ignore", 2, 2, "ipc"] })
  const ended = once(child, "exit")
  child.send({ material, passes })
  const answer = await Promise.race([once(child, "message"), ended.then(() => undefined)])
  await ended
  if (answer === undefined) throw new Error(`The peer "${peer}" ended without a measurement`)
  return answer[0] as number
}

const rotated = <A>(list: ReadonlyArray<A>, by: number): ReadonlyArray<A> => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
]

const run = async (name: string, one: Case, { runs, tokens, passes }: Plan): Promise<Result> => {
  const material = await makeMaterial(one, (one.seen ? seenTokens : tokens) + 1)
  const times = new Map<string, Array<number>>(one.peers.map((peer) => [peer, []]))
  for (let round = 0; round < runs; round++)
    for (const peer of rotated(one.peers, round)) times.get(peer)?.push(await measured(peer, material, passes))
  const base = times.get(one.reference) ?? []
  const rows = Array.from(times, ([peer, own]) => ({
    peer,
    ratio: spread(own.map((time, round) => time / (base[round] ?? Number.NaN))),
    micros: spread(own).median,
  }))
  return { name, limit: one.limit, bytes: material.tokens[0]?.length ?? 0, rows }
}

const line = ({ peer, ratio, micros }: Row): string =>
  `  ${peer.padEnd(16)} ${ratio.median.toFixed(2).padStart(6)} ${`[${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}]`.padEnd(14)} ${micros.toFixed(1).padStart(7)} us`

const judged = ({ name, limit, rows }: Result) => {
  const ratio = rows.find(({ peer }) => peer === "latchkey")?.ratio.median ?? Number.NaN
  return { case: name, peer: "latchkey", bound: "at most", limit, measured: ratio, met: ratio <= limit }
}

/** Validates tokens in every way there is, prints time per token, and tells whether every goal was met. */
export const benchJwt = async (options: { quick: boolean; json: boolean; runs?: number }): Promise<boolean> => {
  const plan = { ...(options.quick ? quick : full), ...(options.runs !== undefined && { runs: options.runs }) }
  const results: Array<Result> = []
  for (const [name, one] of Object.entries(cases)) results.push(await run(name, one, plan))
  const goals = results.map(judged)
  if (options.json) {
    const round = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value)
    console.log(JSON.stringify({ suite: "jwt", cases: results, goals }, round, 2))
  } else {
    console.log(
      `jwt, Node ${process.version}, ${plan.runs} runs: processor time per token, as a ratio and in microseconds`,
    )
    for (const { name, bytes, rows } of results) console.log(`\n${name}, ${bytes} bytes\n${rows.map(line).join("\n")}`)
    console.log()
    for (const goal of goals)
      console.log(
        `${goal.met ? "met   " : "missed"} ${goal.case} ${goal.measured.toFixed(2)} (at most ${goal.limit.toFixed(2)})`,
      )
  }
  return goals.every(({ met }) => met)
}
