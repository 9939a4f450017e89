/** The command line of the benchmark; `npm run bench -- --help` lists its options. */
import { existsSync } from "node:fs"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { compare, judge } from "./comparison.ts"
import { json, type Result, text } from "./report.ts"
import { measureRounds } from "./rounds.ts"
import type { Case, Plan, Suite } from "./suite.ts"
import { suites } from "./suites.ts"

const usage = `npm run bench -- [options]
  --case TEXT   only the cases whose name contains the text
  --suite NAME  ${[...Object.keys(suites), "all"].join(", ")} (default: introspection)
  --runs N      counting runs per peer (default: 7, with --quick 5 or 3)
  --quick       short runs; introspection takes under 50 seconds in all
  --json        only the ratios, as JSON, on stdout
  --strict      exit code 1 if a goal is missed or a peer has no result`

const exitWith = (problem: string): never => {
  console.error(`${problem}\n\n${usage}`)
  process.exit(2)
}

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        suite: { type: "string", default: "introspection" },
        case: { type: "string", default: "" },
        runs: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values
  } catch (error) {
    return exitWith(error instanceof Error ? error.message : String(error))
  }
}

const options = readOptions()

const chosenSuites = (): ReadonlyArray<readonly [name: string, suite: Suite]> => {
  if (options.suite === "all") return Object.entries(suites)
  return [[options.suite, suites[options.suite] ?? exitWith(`There is no suite "${options.suite}".`)]]
}

const planOf = ({ full, quick }: Suite): Plan => {
  const plan = options.quick ? quick : full
  const runs = options.runs === undefined ? plan.runs : Number(options.runs)
  if (!Number.isInteger(runs) || runs < 1) exitWith(`--runs takes a whole number above 0, not "${options.runs}".`)
  return { ...plan, runs }
}

const built = fileURLToPath(import.meta.resolve("latchkey"))
const isBuilt = existsSync(built)

/** Where latchkey is loaded from; sources have a longer cold start, because their types are stripped. */
const origin = `latchkey from ${relative(process.cwd(), built)}`

/** Measures one case, and prints it unless JSON is requested. */
const measure = async (suite: string, name: string, measures: Suite["measures"], one: Case, plan: Plan) => {
  const prepared = await one.prepare(options.quick)
  try {
    const rounds = await measureRounds(one, prepared, plan, (round) => {
      if (process.stderr.isTTY) process.stderr.write(`${name}: round ${round} of ${plan.runs}\n`)
    })
    const rows = compare(one, Object.keys(measures), rounds)
    for (const peer of one.peers.filter((each) => !rows.some((row) => row.peer === each)))
      console.error(`${peer}: no run counts, the stub was the limit in all ${rounds.length}`)
    const { reference } = one
    const result = { suite, name, about: prepared.about, reference, measures, rows, verdicts: judge(one, rounds) }
    if (!options.json) console.log(`${text(result, origin)}\n`)
    return result
  } finally {
    prepared.stop?.()
  }
}

/** Measures and prints; `true` if every peer has a result and every goal is met. */
const bench = async (): Promise<boolean> => {
  const results: Array<Result> = []
  let isComplete = isBuilt
  if (!isBuilt) console.error(`latchkey is left out, there is no ${built}`)
  for (const [name, suite] of chosenSuites())
    for (const [caseName, { peers, ...rest }] of Object.entries(suite.cases)) {
      if (!caseName.includes(options.case)) continue
      const one = { ...rest, peers: peers.filter((peer) => isBuilt || peer !== "latchkey") }
      const result = await measure(name, caseName, suite.measures, one, planOf(suite))
      isComplete &&= result.rows.length === one.peers.length && result.verdicts.every(({ met }) => met)
      results.push(result)
    }
  if (options.json) console.log(json(results))
  return isComplete
}

if (options.help) console.log(usage)
else {
  const isGood = await bench()
  if (options.strict && !isGood) process.exitCode = 1
}
