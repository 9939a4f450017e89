/** The page with the values of every definition. */
import { expect, it } from "vitest"
import { definitionsPage } from "../../scripts/definition-table.ts"
import { text } from "./examples.ts"

it("docs/vendors/README.md has every value of every definition: `npm run readme` writes it", () => {
  expect(definitionsPage()).toBe(text("docs/vendors/README.md"))
})
