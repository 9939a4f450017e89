import type { Baseline } from "./baseline.ts"
import type { Fault } from "./fault.ts"
import { plant } from "./plant.ts"
import { checkTypes, runEverything, runTests, runUntilRed, type Verdict } from "./run-tests.ts"

/** Plants a fault in a copy and gives the test that catches it; `undefined` if no test does. */
export const caughtBy = async (copy: string, fault: Fault, baseline: Baseline): Promise<string | undefined> => {
  plant(copy, fault)
  const { tests } = fault
  if (tests === "types") return newFailures(await checkTypes(copy), baseline.types)[0]
  const alreadyFailing = new Set(
    [...baseline.tests].filter((test) => tests.some((file) => test.startsWith(`${file} > `))),
  )
  return (
    newFailures(await runUntilRed(copy, tests, alreadyFailing), alreadyFailing)[0] ??
    (await caughtByOthers(copy, baseline))
  )
}

/** Runs the other test files and gives a test that catches the fault. */
const caughtByOthers = async (copy: string, baseline: Baseline): Promise<string | undefined> => {
  const alreadyFailing = await baseline.everything()
  const suspects = newFailures(await runEverything(copy), alreadyFailing)
  if (suspects.length === 0) return undefined
  // Under the load of two suites a slow test can fail without the fault, so the test must also fail alone.
  const files = [...new Set(suspects.map((test) => test.slice(0, test.indexOf(" > "))))]
  const failedAlone = new Set(newFailures(await runTests(copy, files), alreadyFailing))
  const test = suspects.find((suspect) => failedAlone.has(suspect))
  return test === undefined ? undefined : `${test} (in a file that the fault does not name)`
}

const newFailures = ({ failed, trouble }: Verdict, alreadyFailing: ReadonlySet<string>): ReadonlyArray<string> => {
  // A fault that breaks the loading of the code proves nothing about the tests.
  if (trouble !== undefined) throw new Error(`invalid fault: ${trouble.trim()}`)
  return failed.filter((test) => !alreadyFailing.has(test))
}
