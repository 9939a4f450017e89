/** docs/comparison.md beside a new run of the same requests. */
import { expect, it } from "vitest"
import { compare } from "../../scripts/compare/situations.ts"
import { withResults } from "../../scripts/compare.ts"
import { startVendor } from "../../scripts/outage/vendor.ts"
import { text } from "./examples.ts"

it("docs/comparison.md has the responses that latchkey and the other packages give", async () => {
  const page = text("docs/comparison.md")
  expect(withResults(page, await compare(startVendor))).toBe(page)
}, 60_000)

it("no response of latchkey differs from the right one, except that a revoked JWT passes without the vendor", () => {
  const rows = Array.from(text("docs/comparison.md").matchAll(/^\| (?!the request|---)(.*) \|$/gm), ([, row = ""]) =>
    row.split(" | "),
  ).slice(0, 15)
  const wrong = rows.flatMap(([name = "", right = "", asked = "", local = ""]) =>
    [asked, local].filter((found) => !right.includes(found.slice(0, 3))).map((found) => [name, found]),
  )
  expect(rows).toHaveLength(15)
  expect(wrong).toEqual([["a JWT that was revoked at the vendor", "200"]])
})
