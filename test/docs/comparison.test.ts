/** docs/comparison.md beside a new run. */
import { expect, it } from "vitest"
import { loadBetterAuth } from "../../scripts/compare/better-auth.ts"
import { columnsOf, tableIn } from "../../scripts/compare/table.ts"
import { comparisons } from "../../scripts/compare.ts"
import { text } from "./examples.ts"

const page = text("docs/comparison.md")
const betterAuth = await loadBetterAuth()

it.each(Object.keys(comparisons))(
  "the table of %s is what a new run finds",
  async (name) => {
    const found = (await comparisons[name]?.(betterAuth)) ?? []
    // Without Better Auth a run has fewer columns than the page.
    const expected = tableIn(page, name)
    expect(found).toEqual(betterAuth === undefined ? columnsOf(expected, found[0] ?? []) : expected)
  },
  60_000,
)
