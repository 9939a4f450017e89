import type { Fault } from "./fault.ts"
import { plant } from "./plant.ts"
import { checkTypes, runEverything, runTests, runUntilRed, type Verdict } from "./run-tests.ts"
import type { Unbroken } from "./unbroken.ts"

/** Plants a fault in a copy and names the test that caught it; `undefined` when none did. */
export const caughtBy = async (copy: string, fault: Fault, unbroken: Unbroken): Promise<string | undefined> => {
  plant(copy, fault)
  const { tests } = fault
  if (tests === "types") return turnedRed(await checkTypes(copy), unbroken.types)[0]
  const known = new Set([...unbroken.tests].filter((test) => tests.some((file) => test.startsWith(`${file} > `))))
  return turnedRed(await runUntilRed(copy, tests, known), known)[0] ?? (await caughtElsewhere(copy, unbroken))
}

/** Looks for a test that the fault's author did not think of. */
const caughtElsewhere = async (copy: string, unbroken: Unbroken): Promise<string | undefined> => {
  const known = await unbroken.everything()
  const suspects = turnedRed(await runEverything(copy), known)
  if (suspects.length === 0) return undefined
  // The whole suite twice at once makes a slow test fail for another reason than the fault: it must fail alone too.
  const files = [...new Set(suspects.map((test) => test.slice(0, test.indexOf(" > "))))]
  const again = new Set(turnedRed(await runTests(copy, files), known))
  const test = suspects.find((suspect) => again.has(suspect))
  return test === undefined ? undefined : `${test} (in a file that is not named for it)`
}

const turnedRed = ({ failed, trouble }: Verdict, known: ReadonlySet<string>): ReadonlyArray<string> => {
  // A fault that keeps the code from loading proves nothing about the tests.
  if (trouble !== undefined) throw new Error(`badly planted: ${trouble.trim()}`)
  return failed.filter((test) => !known.has(test))
}
