/** The parts that `npm run readme` writes: tables from the adapters, and files of `examples/`. */
import { describe, expect, it } from "vitest"
import { configurationTable } from "../../scripts/configuration-table.ts"
import { definitionsPage } from "../../scripts/definition-table.ts"
import { pagesWithParts, partNames, tableNames, withParts } from "../../scripts/readme.ts"
import { text } from "./examples.ts"

const pages = pagesWithParts.filter((page) => partNames(text(page)).length > 0)

describe("the generated parts of the pages", () => {
  it.each(pages)("%s has the parts that the sources give", (page) => {
    expect(withParts(text(page))).toBe(text(page))
  })

  it("include every table", () => {
    expect(pages.flatMap((page) => partNames(text(page)))).toEqual(expect.arrayContaining(tableNames))
  })

  it("cannot name a table that does not exist", () => {
    const page = "<!-- The table of trees is written by `npm run readme`. -->\n<!-- The end of the table. -->\n"
    expect(() => withParts(page)).toThrow("there is no table of trees")
  })
})

it("docs/vendors/README.md has every value of every definition", () => {
  expect(definitionsPage()).toBe(text("docs/vendors/README.md"))
})

describe("the table of configuration members", () => {
  const cellsOf = (member: string): ReadonlyArray<string> =>
    configurationTable()
      .split("\n")
      .find((row) => row.startsWith(`| \`${member}\` |`))
      ?.split(" | ")
      .slice(2) ?? []

  it.each([
    ["clientId", "required", "`LATCHKEY_CLIENT_ID`", "text"],
    ["attemptTimeout", "5 seconds", "`LATCHKEY_ATTEMPT_TIMEOUT`", "duration"],
    ["circuitBreaker", "on", "`LATCHKEY_CIRCUIT_BREAKER`", "`false`"],
    ["staleIfError", "off", "`LATCHKEY_STALE_IF_ERROR`", "duration"],
    ["cache.maxAge", "10 seconds", "in `LATCHKEY_CACHE`", "duration"],
    ["tls.key", "none", "`LATCHKEY_TLS_KEY`", "text"],
    ["log", "none", "-", "a function"],
  ])("says of %s: default %s, variable %s, written as %s", (member, ...cells) => {
    expect(cellsOf(member).slice(0, 3)).toEqual(cells)
  })
})
