/**
 * Compares latchkey with other packages, and prints the tables of `docs/comparison.md`; with `--write` it writes them
 * into the page.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { compareApis } from "./compare/apis/situations.ts"
import { type BetterAuth, loadBetterAuth } from "./compare/better-auth.ts"
import { compareExports } from "./compare/exports.ts"
import { compareLogins } from "./compare/logins/situations.ts"
import { type Table, toMarkdown, withTable } from "./compare/table.ts"

/** The tables, by the name in the page. */
export const comparisons: Readonly<Record<string, (betterAuth?: BetterAuth) => Promise<Table>>> = {
  responses: compareApis,
  logins: compareLogins,
  exports: compareExports,
}

if (import.meta.main) {
  const page = new URL("../docs/comparison.md", import.meta.url)
  const isWritten = process.argv.includes("--write")
  const betterAuth = await loadBetterAuth(isWritten || undefined)
  for (const [name, compare] of Object.entries(comparisons)) {
    const table = await compare(betterAuth)
    console.log(`${toMarkdown(table)}\n`)
    if (isWritten) writeFileSync(page, withTable(readFileSync(page, "utf8"), name, table))
  }
  process.exit(0)
}
