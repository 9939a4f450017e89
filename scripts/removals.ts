/** Takes each datum out of each definition, runs the tests on the rest, and prints how many removals they noticed. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { notRemoved } from "../test/token/not-removed.ts"

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{ readonly title: string; readonly status: string }>
  }>
}

const tests = ["test/token/removals.test.ts", "test/token/documented-configurations.test.ts"]
const root = join(import.meta.dirname, "..")
const folder = mkdtempSync(join(tmpdir(), "latchkey-removals-"))

const run = (): Report => {
  const outputFile = join(folder, "report.json")
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const args = [vitest, "run", ...tests, "--project=together", "--reporter=json", `--outputFile=${outputFile}`]
  const { stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })
  try {
    return JSON.parse(readFileSync(outputFile, "utf8")) as Report
  } catch {
    throw new Error(`the tests did not run:\n${stderr}`)
  }
}

/** The titles of the tests that take out one datum: the definition, the datum, and what the datum decides. */
const removal = /^of (\S+) without (\S+) (is noticed|judges a token otherwise)$/

/** Prints a line for each definition, and one for each removal that no test noticed. Returns whether there is none. */
const print = ({ testResults }: Report): boolean => {
  const removals = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ title, status }) => {
      const [, definition, datum] = removal.exec(title) ?? []
      return definition === undefined ? [] : [{ definition, datum, isNoticed: status === "passed" }]
    })
  for (const [definition, all] of Map.groupBy(removals, (each) => each.definition)) {
    const missed = all.filter(({ isNoticed }) => !isNoticed)
    console.log(`${definition.padEnd(12)} ${all.length - missed.length} of ${all.length} removals noticed`)
    for (const { datum } of missed) console.log(`  NOT NOTICED  ${datum}`)
  }
  for (const [pattern, why] of notRemoved) console.log(`not removed  ${pattern.source}: ${why}`)
  const noticed = removals.filter(({ isNoticed }) => isNoticed).length
  console.log(`${"all".padEnd(12)} ${noticed} of ${removals.length} removals noticed`)
  return removals.length > 0 && noticed === removals.length
}

try {
  process.exitCode = print(run()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
