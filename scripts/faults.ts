/** Plants known defects, one after the other, each in a copy of the project: every one must turn the tests red. */
import { join } from "node:path"
import { discovery } from "./faults/discovery.ts"
import { faces } from "./faults/faces.ts"
import type { Fault } from "./faults/fault.ts"
import { introspection } from "./faults/introspection.ts"
import { login } from "./faults/login.ts"
import { network } from "./faults/network.ts"
import { oryFaults } from "./faults/ory.ts"
import { plant, stale } from "./faults/plant.ts"
import { refusals } from "./faults/refusals.ts"
import { checkTypes, runTests, type Verdict } from "./faults/run-tests.ts"
import { secretFaults } from "./faults/secrets.ts"
import { signatures } from "./faults/signatures.ts"
import { tokenFaults } from "./faults/tokens.ts"
import { makeWorkbench, type Workbench } from "./faults/workbench.ts"

const all = [
  ...login,
  ...tokenFaults,
  ...introspection,
  ...discovery,
  ...network,
  ...secretFaults,
  ...refusals,
  ...faces,
  ...oryFaults,
  ...signatures,
]

const atOnce = 2
const root = join(import.meta.dirname, "..")

const chosen = (args: ReadonlyArray<string>): ReadonlyArray<Fault> => {
  if (args.length === 0) return all
  const [flag, part, ...rest] = args
  if (flag !== "--only" || part === undefined || rest.length > 0) throw new Error("usage: faults [--only <substring>]")
  return all.filter(({ name, file }) => name.includes(part) || file.includes(part))
}

/** What is red in a copy without any fault: it can catch nothing. */
interface Known {
  readonly named: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Asked for when no named test noticed a fault. */
  readonly everything: () => Promise<ReadonlySet<string>>
}

const inCopy = async <A>(workbench: Workbench, use: (copy: string) => Promise<A>): Promise<A> => {
  const copy = workbench.copy()
  try {
    return await use(copy)
  } finally {
    workbench.remove(copy)
  }
}

const unbroken = async (workbench: Workbench, faults: ReadonlyArray<Fault>): Promise<Known> => {
  const red = async (verdict: Promise<Verdict>): Promise<ReadonlySet<string>> => {
    const { failed, trouble } = await verdict
    if (trouble !== undefined) throw new Error(`the tests cannot be run without a fault: ${trouble}`)
    for (const test of failed) console.log(`RED WITHOUT A FAULT  ${test}`)
    return new Set(failed)
  }
  const files = [...new Set(faults.flatMap(({ tests }) => (tests === "types" ? [] : tests)))]
  const typed = faults.some(({ tests }) => tests === "types")
  const [named, types] = await inCopy(workbench, (copy) =>
    Promise.all([
      files.length === 0 ? new Set<string>() : red(runTests(copy, files, new Set(), false)),
      typed ? red(checkTypes(copy)) : new Set<string>(),
    ]),
  )
  let everything: Promise<ReadonlySet<string>> | undefined
  return {
    named,
    types,
    everything: () => (everything ??= inCopy(workbench, (copy) => red(runTests(copy, [], new Set(), false)))),
  }
}

/** Names the test that caught a fault; `undefined` when nothing did. */
const caughtBy = async (copy: string, fault: Fault, known: Known): Promise<string | undefined> => {
  plant(copy, fault)
  const first = ({ failed, trouble }: Verdict, already: ReadonlySet<string>): string | undefined => {
    // A plant that keeps the code from loading proves nothing about the tests.
    if (trouble !== undefined) throw new Error(`badly planted: ${trouble}`)
    return failed.find((test) => !already.has(test))
  }
  if (fault.tests === "types") return first(await checkTypes(copy), known.types)
  const named = first(await runTests(copy, fault.tests, inFiles(known.named, fault.tests)), known.named)
  if (named !== undefined) return named
  const everything = await known.everything()
  const other = first(await runTests(copy, [], everything), everything)
  return other === undefined ? undefined : `${other}  (none of the tests named for it)`
}

const inFiles = (tests: ReadonlySet<string>, files: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set([...tests].filter((test) => files.some((file) => test.startsWith(`${file} > `))))

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

const main = async (): Promise<boolean> => {
  const start = performance.now()
  const faults = chosen(process.argv.slice(2))
  const outdated = faults.flatMap((fault) => {
    const why = stale(root, fault)
    return why === undefined ? [] : [`STALE  ${fault.name}: ${why}`]
  })
  if (outdated.length > 0) throw new Error(outdated.join("\n"))

  using workbench = makeWorkbench(root)
  const known = await unbroken(workbench, faults)
  const red = known.named.size + known.types.size
  console.log(`without a fault: ${red === 0 ? "green" : `${red} red`} in ${seconds(start)}`)

  const waiting = [...faults]
  let caught = 0
  const work = async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const { name } = fault
      const began = performance.now()
      const outcome = await inCopy(workbench, (copy) => caughtBy(copy, fault, known)).catch((error: Error) => error)
      if (typeof outcome === "string") caught += 1
      const said = outcome instanceof Error ? outcome.message : `caught by ${outcome}`
      console.log(`${typeof outcome === "string" ? said : `NOT CAUGHT ${outcome?.message ?? ""}`} in ${seconds(began)}: ${name}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  console.log(`${seconds(start)} in all`)
  console.log(`${faults.length} planted, ${caught} caught`)
  return red === 0 && caught === faults.length
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
