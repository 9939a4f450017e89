/**
 * Sends the same requests to servers behind latchkey and behind other packages, and prints the table of
 * `docs/comparison.md`; with `--write` it writes the table into the page.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { compare } from "./compare/situations.ts"
import { startVendor } from "./outage/vendor.ts"

const page = new URL("../docs/comparison.md", import.meta.url)

const place = /(<!-- The table of results is written by `npm run compare -- --write`\. -->\n)[\s\S]*?\n?(<!-- The end)/

/** Returns the page with the results in their place. */
export const withResults = (text: string, table: string): string => {
  if (!place.test(text)) throw new Error("docs/comparison.md has no place for the table of results")
  return text.replace(place, (_, start: string, end: string) => `${start}${table}\n${end}`)
}

if (import.meta.main) {
  const table = await compare(startVendor)
  console.log(table)
  if (process.argv.includes("--write")) writeFileSync(page, withResults(readFileSync(page, "utf8"), table))
  process.exit(0)
}
