/** The parts of `npm run compare`. docs/comparison.md has its tables. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { loadBetterAuth } from "../../scripts/compare/better-auth.ts"
import { isRight, marked } from "../../scripts/compare/judge.ts"
import { columnsOf, tableIn, withTable } from "../../scripts/compare/table.ts"
import { text } from "./examples.ts"

describe("without an installed Better Auth", () => {
  beforeEach(() => {
    vi.stubEnv("XDG_CACHE_HOME", "/dev/null")
    vi.stubEnv("LATCHKEY_BETTER_AUTH", "")
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it("the comparison prints one line with the command that installs it", async () => {
    vi.stubEnv("LATCHKEY_REQUIRE_BETTER_AUTH", "")
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined)
    expect(await loadBetterAuth()).toBeUndefined()
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^[^\n]*npm run test:better-auth[^\n]*$/)]])
  })

  it("the comparison fails where it is required", async () => {
    vi.stubEnv("LATCHKEY_REQUIRE_BETTER_AUTH", "1")
    await expect(loadBetterAuth()).rejects.toThrow("npm run test:better-auth")
  })
})

describe("a cell", () => {
  it.each([
    ["200 or 503", "503 with `Retry-After`"],
    ["401", "401, after 5 s"],
    ["not logged in", "500"],
    ["logged in", "400, logged in"],
    ["either", "200, logged in"],
  ])("for which %s is right may be %s", (right, cell) => {
    expect(marked(right, cell)).toBe(cell)
  })

  it.each([
    ["503", "401"],
    ["503", "none within 8 s"],
    ["503", "503, logged in"],
    ["not logged in", "200, logged in"],
    ["200, logged in", "200"],
    ["logged in", "400"],
  ])("for which %s is right is bold if it is %s", (right, cell) => {
    expect(isRight(right, cell)).toBe(false)
    expect(marked(right, cell)).toBe(`**${cell}**`)
  })
})

describe("a table", () => {
  const table = [
    ["name", "a", "b"],
    ["1", "2", "3"],
  ]

  it("is written into its place of the page, and no other", () => {
    const page = text("docs/comparison.md")
    const written = withTable(page, "logins", table)
    expect(tableIn(written, "logins")).toEqual(table)
    expect(tableIn(written, "responses")).toEqual(tableIn(page, "responses"))
    expect(withTable(written, "logins", tableIn(page, "logins"))).toBe(page)
  })

  it("has no place in a page that does not name it", () => {
    expect(() => withTable("# A page", "logins", table)).toThrow("the page has no place for the table of logins")
  })

  it("keeps the columns that a run has", () => {
    expect(columnsOf(table, ["name", "b"])).toEqual([
      ["name", "b"],
      ["1", "3"],
    ])
  })
})

it("no response of latchkey is wrong, except that a revoked JWT passes without the vendor", () => {
  const page = text("docs/comparison.md")
  const wrong = ["responses", "logins"].flatMap((name) => {
    const table = tableIn(page, name)
    const [heading = [], ...rows] = columnsOf(table, table[0]?.filter((each) => each.startsWith("latchkey")) ?? [])
    return rows.flatMap((cells, row) =>
      cells.flatMap((cell, column) => (cell.startsWith("**") ? [[table[row + 1]?.[0], heading[column], cell]] : [])),
    )
  })
  expect(wrong).toEqual([["a JWT that was revoked at the vendor", 'latchkey, `"prefer-local"`', "**200**"]])
})
