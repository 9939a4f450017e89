/** Tables of a page, in Markdown. */

/** The heading, then the rows, each with its cells. */
export type Table = ReadonlyArray<ReadonlyArray<string>>

export const toMarkdown = ([heading = [], ...rows]: Table): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const fromMarkdown = (markdown: string): Table =>
  markdown
    .split("\n")
    .map((line) => line.slice(2, -2).split(" | "))
    .filter((_, index) => index !== 1)

/** Returns the columns that have these headings. */
export const columnsOf = (table: Table, headings: ReadonlyArray<string>): Table =>
  table.map((cells) => cells.filter((_, index) => headings.includes(table[0]?.[index] ?? "")))

/** The place of a table in a page: what is before it, the table, and what is after it. */
const placeOf = (page: string, name: string): readonly [string, string, string] => {
  const begin = `<!-- The table of ${name} is written by \`npm run compare -- --write\`. -->\n`
  const end = `\n<!-- The end of the table of ${name}. -->`
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  if (from < begin.length || to < from) throw new Error(`the page has no place for the table of ${name}`)
  return [page.slice(0, from), page.slice(from, to), page.slice(to)]
}

export const tableIn = (page: string, name: string): Table => fromMarkdown(placeOf(page, name)[1])

/** Returns the page with the table in its place. */
export const withTable = (page: string, name: string, table: Table): string => {
  const [before, , after] = placeOf(page, name)
  return before + toMarkdown(table) + after
}
