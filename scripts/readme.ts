/**
 * Writes the tables of the README, which are of vendors and members of configurations, the page of definitions, and the
 * table of the guards.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { configurationTable } from "./configuration-table.ts"
import { definitionsPage } from "./definition-table.ts"
import { guardTable } from "./guard-table.ts"
import { vendorTable } from "./vendor-table.ts"

const end = "\n<!-- The end of the table. -->"

const withTable = (readme: string, name: string, table: string): string => {
  const start = `<!-- The table of ${name} is written by \`npm run readme\`. -->\n`
  const from = readme.indexOf(start)
  const to = readme.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`there is no place for the table of ${name}`)
  return readme.slice(0, from + start.length) + table + readme.slice(to)
}

/** Returns the README with the tables in their places. */
export const withTables = (readme: string): string =>
  withTable(withTable(readme, "vendors", vendorTable()), "members", configurationTable())

/** Returns the page of the guards with its table. */
export const withGuardTable = (page: string): string => withTable(page, "situations", guardTable())

if (import.meta.main) {
  const path = new URL("../README.md", import.meta.url)
  writeFileSync(path, withTables(readFileSync(path, "utf8")))
  writeFileSync(new URL("../docs/vendors/README.md", import.meta.url), definitionsPage())
  const guards = new URL("../docs/guards.md", import.meta.url)
  writeFileSync(guards, withGuardTable(readFileSync(guards, "utf8")))
}
