/**
 * Checks what importing an entry of the guards of the built package costs after `latchkey`: the median CPU time of several
 * starts, and that no file of another package is loaded.
 */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..")

const starts = 9
const concurrency = 2

/** The most CPU time that an import adds: in milliseconds, or as a share of what `latchkey` takes on a slow machine. */
const budget = { milliseconds: 5, share: 0.025 }

interface Entry {
  readonly name: string
  /** The only package besides latchkey that it may load, and the most CPU time as a share of what `latchkey` takes. */
  readonly loads?: { readonly name: string; readonly share: number }
}

const entries: ReadonlyArray<Entry> = [
  { name: "latchkey/guard" },
  { name: "latchkey/guard/express" },
  { name: "latchkey/guard/fastify" },
  { name: "latchkey/guard/hono" },
  { name: "latchkey/guard/mcp" },
  // Its middleware is a class of Effect's HttpApi, whose modules it loads (decision 0033).
  { name: "latchkey/guard/effect", loads: { name: "effect", share: 1 } },
]

/** Prints the CPU times of both imports in milliseconds. */
const measure = `
const spent = (since) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
const start = process.cpuUsage()
await import("latchkey")
const before = process.cpuUsage()
const own = spent(start)
await import(process.argv[1])
console.log(JSON.stringify({ own, added: spent(before) }))
`

const listFiles = `
import { registerHooks } from "node:module"
const files = []
registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) })
await import("latchkey")
const before = files.length
await import(process.argv[1])
console.log(JSON.stringify(files.slice(before)))
`

/** Runs a program with the name of an entry in a process of its own. */
const inProcess = async (program: string, name: string): Promise<string> => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program, name], { cwd: root })
  return stdout
}

const medianOf = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

interface Times {
  readonly own: number
  readonly added: number
}

const timesOf = async (name: string): Promise<Times> => {
  const found: Array<Times> = []
  const work = async () => {
    while (found.length < starts) found.push(JSON.parse(await inProcess(measure, name)) as Times)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return { own: medianOf(found.map(({ own }) => own)), added: medianOf(found.map(({ added }) => added)) }
}

/** The package of a file in `node_modules`, such as `"@scope/name"`. */
const packageOf = (url: string): string | undefined => /.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(url)?.[1]

const problemsOf = async ({ name, loads }: Entry): Promise<ReadonlyArray<string>> => {
  const files = JSON.parse(await inProcess(listFiles, name)) as ReadonlyArray<string>
  const { own, added } = await timesOf(name)
  const most = Math.max(budget.milliseconds, own * (loads?.share ?? budget.share))
  const packages = new Set(files.map(packageOf).filter((each) => each !== undefined))
  const foreign = [...packages].filter((each) => each !== loads?.name)
  const text = `${added.toFixed(1)} ms of CPU time to the ${own.toFixed(0)} ms of latchkey`
  console.log(`${name}: adds ${text}, budget ${most.toFixed(1)} ms; loads ${files.length} files`)
  return [
    ...(files.some((file) => file.includes("/dist/guard/")) ? [] : [`${name}: loads no file of dist/guard`]),
    ...foreign.map((each) => `${name}: loads files of ${each}`),
    ...(added <= most ? [] : [`${name}: adds ${text}, more than ${most.toFixed(1)}`]),
  ]
}

const problems: Array<string> = []
for (const entry of entries) problems.push(...(await problemsOf(entry)))
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
