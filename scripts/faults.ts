/** Plants known defects, one after the other, each in a copy of the project: every one must turn the tests red. */
import { join } from "node:path"
import { badDays } from "./faults/bad-days.ts"
import { caughtBy } from "./faults/caught-by.ts"
import { connectionFaults } from "./faults/connections.ts"
import { discovery } from "./faults/discovery.ts"
import { enrichment } from "./faults/enrichment.ts"
import { faces } from "./faults/faces.ts"
import type { Fault } from "./faults/fault.ts"
import { introspection } from "./faults/introspection.ts"
import { jwtFaults } from "./faults/jwt.ts"
import { keyFaults } from "./faults/keys.ts"
import { kindeFaults } from "./faults/kinde.ts"
import { login } from "./faults/login.ts"
import { network } from "./faults/network.ts"
import { oryFaults } from "./faults/ory.ts"
import { oryGrants } from "./faults/ory-grants.ts"
import { outages } from "./faults/outages.ts"
import { serviceToken } from "./faults/own-token.ts"
import { stale } from "./faults/plant.ts"
import { polarFaults } from "./faults/polar.ts"
import { policies } from "./faults/policies.ts"
import { refusals } from "./faults/refusals.ts"
import { secretFaults } from "./faults/secrets.ts"
import { signatures } from "./faults/signatures.ts"
import { strictness } from "./faults/strictness.ts"
import { tokenFaults } from "./faults/tokens.ts"
import { type Unbroken, unbroken } from "./faults/unbroken.ts"
import { makeWorkbench, type Workbench } from "./faults/workbench.ts"

const all = [
  ...login,
  ...tokenFaults,
  ...introspection,
  ...jwtFaults,
  ...keyFaults,
  ...enrichment,
  ...discovery,
  ...network,
  ...connectionFaults,
  ...secretFaults,
  ...refusals,
  ...faces,
  ...oryFaults,
  ...oryGrants,
  ...serviceToken,
  ...kindeFaults,
  ...polarFaults,
  ...signatures,
  ...policies,
  ...outages,
  ...badDays,
  ...strictness,
]

const atOnce = 2
const root = join(import.meta.dirname, "..")

const chosen = (args: ReadonlyArray<string>): ReadonlyArray<Fault> => {
  if (args.length === 0) return all
  const [flag, part, ...rest] = args
  if (flag !== "--only" || part === undefined || rest.length > 0) throw new Error("usage: faults [--only <substring>]")
  return all.filter(({ name, file }) => name.includes(part) || file.includes(part))
}

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
  const without = await unbroken(workbench, faults)
  const red = [...without.tests, ...without.types]
  for (const test of red) console.log(`RED WITHOUT A FAULT ${test}`)
  console.log(`${red.length === 0 ? "green" : "red"} without a fault in ${seconds(start)}`)

  const waiting = [...faults]
  let caught = 0
  const work = async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const { name } = fault
      const began = performance.now()
      const outcome = await outcomeOf(workbench, fault, without)
      if (outcome.caught) caught += 1
      console.log(`${name}: ${outcome.said} in ${seconds(began)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  console.log(`${seconds(start)} in all`)
  console.log(`${faults.length} planted, ${caught} caught`)
  return red.length === 0 && faults.length > 0 && caught === faults.length
}

const outcomeOf = async (workbench: Workbench, fault: Fault, without: Unbroken) => {
  try {
    const test = await workbench.use((copy) => caughtBy(copy, fault, without))
    return { caught: test !== undefined, said: test === undefined ? "NOT CAUGHT" : `caught by ${test}` }
  } catch (error) {
    return { caught: false, said: `NOT CAUGHT (${error instanceof Error ? error.message : String(error)})` }
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
