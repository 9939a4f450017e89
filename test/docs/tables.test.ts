/** The tables that `npm run readme` writes, from the adapters. */
import { expect, it } from "vitest"
import { definitionsPage } from "../../scripts/definition-table.ts"
import { withGuardTable, withTables } from "../../scripts/readme.ts"
import { text } from "./examples.ts"

it("the README has the tables of vendors and of configuration members that the adapters give", () => {
  expect(withTables(text("README.md"))).toBe(text("README.md"))
})

it("docs/vendors/README.md has every value of every definition", () => {
  expect(definitionsPage()).toBe(text("docs/vendors/README.md"))
})

it("docs/guards.md has the response to every situation that the tests expect", () => {
  expect(withGuardTable(text("docs/guards.md"))).toBe(text("docs/guards.md"))
})
