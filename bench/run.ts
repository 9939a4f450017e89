/** The command line of the benchmark: `npm run bench -- --help` lists what it takes. */
import { existsSync } from "node:fs"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { startStub } from "./children.ts"
import { compare, judge } from "./comparison.ts"
import { benchJwt } from "./jwt/bench-jwt.ts"
import { goalLines, json, referenceLine, table } from "./report.ts"
import { measureRounds, type Plan } from "./rounds.ts"
import { median } from "./statistics.ts"
import { type Contestant, suites } from "./suites.ts"

const usage = `npm run bench -- [options]
  --suite NAME  ${[...Object.keys(suites), "jwt"].join(", ")} (default: introspection)
  --runs N      counting runs per peer (default: 7, with --quick 5)
  --quick       short runs, under 50 seconds in all
  --json        only the ratios, as JSON, on stdout
  --strict      exit code 1 if a goal is missed or a peer has no result`

const refuse = (problem: string): never => {
  console.error(`${problem}\n\n${usage}`)
  process.exit(2)
}

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        suite: { type: "string", default: "introspection" },
        runs: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const full: Plan = {
  runs: 7,
  sizes: { warmUp: 500, load: 2000, sequential: 1000, concurrency: 64 },
  budgetMillis: Number.POSITIVE_INFINITY,
}
const quick: Plan = {
  runs: 5,
  sizes: { warmUp: 250, load: 700, sequential: 300, concurrency: 64 },
  budgetMillis: 32_000,
}

const fileOf = (entry: string): string => fileURLToPath(import.meta.resolve(entry))
const missing = ({ needs = [] }: Contestant): ReadonlyArray<string> =>
  needs.map(fileOf).filter((file) => !existsSync(file))

/** Sources are stripped of their types when they load, which the cold start of latchkey then includes. */
const origin = (): string => `latchkey from ${relative(process.cwd(), fileOf("latchkey"))}`

const options = readOptions()

/** Measures, prints, and tells whether every peer was there and every goal was met. */
const bench = async (): Promise<boolean> => {
  const plan = options.quick ? quick : full
  const runs = options.runs === undefined ? plan.runs : Number(options.runs)
  if (!Number.isInteger(runs) || runs < 1) refuse(`--runs takes a whole number above 0, not "${options.runs}".`)
  if (options.suite === "jwt")
    return benchJwt({ quick: options.quick, json: options.json, ...(options.runs !== undefined && { runs }) })
  const suite = suites[options.suite] ?? refuse(`There is no suite "${options.suite}".`)

  const absent = suite.peers.filter((peer) => missing(peer).length > 0)
  for (const peer of absent) console.error(`${peer.name} is left out, there is no ${missing(peer).join(", no ")}`)
  const peers = suite.peers.filter((peer) => !absent.includes(peer)).map((peer) => peer.name)

  const stub = await startStub()
  try {
    const rounds = await measureRounds(suite, peers, stub.url, { ...plan, runs }, (round) => {
      if (process.stderr.isTTY) process.stderr.write(`round ${round} of ${runs}\n`)
    })
    const rows = compare(suite, peers, rounds)
    const verdicts = judge(rows)
    const limited = peers.filter((peer) => !rows.some((row) => row.peer === peer))
    for (const peer of limited) console.error(`${peer}: no run counts, the stub was the limit in all ${rounds.length}`)
    if (options.json) console.log(json(options.suite, suite.reference, rows, verdicts))
    else {
      const floor = median(rounds.map((round) => round.floorMillis))
      console.log(`${options.suite}, Node ${process.version}, concurrency ${plan.sizes.concurrency}, ${origin()}`)
      for (const row of rows) if (row.peer === suite.reference) console.log(referenceLine(row, floor))
      console.log(`\n${table(rows)}\n\n${goalLines(verdicts)}`)
    }
    return absent.length + limited.length === 0 && verdicts.every((verdict) => verdict.met)
  } finally {
    stub.stop()
  }
}

if (options.help) console.log(usage)
else {
  const isGood = await bench()
  if (options.strict && !isGood) process.exitCode = 1
}
