/**
 * Writes the generated parts of the pages: the tables of vendors, members of configurations and guards, the files of
 * `examples/` that a page shows, and the whole page of definitions.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { configurationTable } from "./configuration-table.ts"
import { definitionsPage } from "./definition-table.ts"
import { guardTable } from "./guard-table.ts"
import { vendorTable } from "./vendor-table.ts"

const root = new URL("../", import.meta.url)

const text = (path: string): string => readFileSync(new URL(path, root), "utf8")

const tables: Readonly<Record<string, () => string>> = {
  vendors: vendorTable,
  members: configurationTable,
  situations: guardTable,
}

/** A part begins with a comment that names a table or a file, and ends with another comment. */
const parts =
  /^(<!-- The (table of|file) (\S+) is written by `npm run readme`\. -->)\n[\s\S]*?\n?^(<!-- The end of the (?:table|file)\. -->)$/gm

const partOf = (kind: string, name: string): string => {
  if (kind === "file") return `\`\`\`ts\n${text(name).trimEnd()}\n\`\`\``
  const table = tables[name]
  if (table === undefined) throw new Error(`there is no table of ${name}: expected ${Object.keys(tables).join(", ")}`)
  return table()
}

/** Returns a page with its generated parts in their places. */
export const withParts = (page: string): string =>
  page.replace(
    parts,
    (_, start: string, kind: string, name: string, end: string) => `${start}\n${partOf(kind, name)}\n${end}`,
  )

/** Returns a page without its generated parts. */
export const withoutParts = (page: string): string => page.replace(parts, "")

/** The names of the tables and files that a page shows. */
export const partNames = (page: string): ReadonlyArray<string> =>
  Array.from(page.matchAll(parts), ([, , , name = ""]) => name)

/** The names of all tables. */
export const tableNames = Object.keys(tables)

/** The pages that may have generated parts. */
export const pagesWithParts: ReadonlyArray<string> = [
  "README.md",
  "packages/testing/README.md",
  ...globSync("docs/**/*.md", { cwd: root }),
]

if (import.meta.main) {
  for (const path of pagesWithParts) {
    const before = text(path)
    const after = withParts(before)
    if (after !== before) writeFileSync(new URL(path, root), after)
  }
  writeFileSync(new URL("docs/vendors/README.md", root), definitionsPage())
}
