import type { Fault } from "./fault.ts"
import { checkTypes, runEverything, runTests, type Verdict } from "./run-tests.ts"
import type { Workbench } from "./workbench.ts"

/** The tests that fail without a fault; they cannot catch one. */
export interface Baseline {
  /** Failing tests in the test files that the faults name. */
  readonly tests: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Runs the whole suite on the first call and gives its failing tests. */
  readonly everything: () => Promise<ReadonlySet<string>>
}

const failedTests = async (verdict: Promise<Verdict>): Promise<ReadonlySet<string>> => {
  const { failed, trouble } = await verdict
  if (trouble !== undefined) throw new Error(`the tests do not run without a fault: ${trouble}`)
  return new Set(failed)
}

/** Runs the tests that the faults name on a copy without a fault. */
export const measureBaseline = async (workbench: Workbench, faults: ReadonlyArray<Fault>): Promise<Baseline> => {
  const files = [...new Set(faults.flatMap(({ tests }) => (tests === "types" ? [] : tests)))]
  const needsTypes = faults.some(({ tests }) => tests === "types")
  let everything: Promise<ReadonlySet<string>> | undefined
  return {
    tests: files.length === 0 ? new Set() : await workbench.use((copy) => failedTests(runTests(copy, files))),
    types: needsTypes ? await workbench.use((copy) => failedTests(checkTypes(copy))) : new Set(),
    everything: () => (everything ??= workbench.use((copy) => failedTests(runEverything(copy)))),
  }
}
