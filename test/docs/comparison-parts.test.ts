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

describe("what the page says of its tables", () => {
  const page = text("docs/comparison.md")

  /** The cells of some columns: each with the situation and the heading. */
  const cellsOf = (names: ReadonlyArray<string>, isColumn: (heading: string) => boolean) =>
    names
      .flatMap((name) => {
        const [heading = [], ...rows] = tableIn(page, name)
        return rows.flatMap(([situation, ...cells]) =>
          cells.map((cell, index) => [situation, heading[index + 1] ?? "", cell] as const),
        )
      })
      .filter(([, heading]) => heading !== "right" && isColumn(heading))

  const isLatchkey = (heading: string) => heading.startsWith("latchkey")
  const isOther = (heading: string) => !isLatchkey(heading)

  it("holds: no response of latchkey is wrong, except that a revoked JWT passes without the vendor", () => {
    const wrong = cellsOf(["responses", "logins"], isLatchkey).filter(([, , cell]) => cell.startsWith("**"))
    expect(wrong).toEqual([["a JWT that was revoked at the vendor", 'latchkey, `"prefer-local"`', "**200**"]])
  })

  it("holds: no other package answers 503", () => {
    const cells = cellsOf(["responses", "logins"], isOther)
    expect(cells.length).toBeGreaterThan(100)
    expect(cells.filter(([, , cell]) => cell.includes("503"))).toEqual([])
  })

  it.each(["emulate vendors in tests", "manage clients with the vendor's own API", "receive back-channel logouts"])(
    "holds: no other package has a name to %s",
    (task) => {
      const cells = cellsOf(["exports"], isOther).filter(([name]) => name === task)
      expect(cells.length).toBeGreaterThan(3)
      expect(cells.filter(([, , cell]) => cell !== "-")).toEqual([])
    },
  )

  it.each([
    "pushed and signed authorization requests (PAR, JAR)",
    "signed authorization responses (JARM)",
    "login without a browser (CIBA)",
    "DPoP for requests of one's own",
  ])("holds: openid-client has a name for %s, and latchkey has none", (task) => {
    const cells = cellsOf(["exports"], (heading) => isLatchkey(heading) || heading === "openid-client")
    const [latchkey, openidClient] = cells.filter(([name]) => name === task).map(([, , cell]) => cell)
    expect(latchkey).toBe("-")
    expect(openidClient).toMatch(/^`\w+`/)
  })
})
