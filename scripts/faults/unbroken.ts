import type { Fault } from "./fault.ts"
import { checkTypes, runEverything, runTests, type Verdict } from "./run-tests.ts"
import type { Workbench } from "./workbench.ts"

/** What is red in a copy without any fault: it can catch nothing. */
export interface Unbroken {
  /** Of the test files that the faults name. */
  readonly tests: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Of the whole suite; it is run when this is first asked for. */
  readonly everything: () => Promise<ReadonlySet<string>>
}

const red = async (verdict: Promise<Verdict>): Promise<ReadonlySet<string>> => {
  const { failed, trouble } = await verdict
  if (trouble !== undefined) throw new Error(`the tests do not run without a fault: ${trouble}`)
  return new Set(failed)
}

/** Runs what the faults name on a copy without any. */
export const unbroken = async (workbench: Workbench, faults: ReadonlyArray<Fault>): Promise<Unbroken> => {
  const files = [...new Set(faults.flatMap(({ tests }) => (tests === "types" ? [] : tests)))]
  const typed = faults.some(({ tests }) => tests === "types")
  let everything: Promise<ReadonlySet<string>> | undefined
  return {
    tests: files.length === 0 ? new Set() : await workbench.use((copy) => red(runTests(copy, files))),
    types: typed ? await workbench.use((copy) => red(checkTypes(copy))) : new Set(),
    everything: () => (everything ??= workbench.use((copy) => red(runEverything(copy)))),
  }
}
