import { describe, expect, it } from "vitest"
import { knownDifferences } from "./known-differences.ts"

describe.each(["Ory", "Polar"] as const)("the emulator of %s", (vendor) => {
  const rows = knownDifferences.filter((row) => row.vendor === vendor)

  it.each(rows.map((row) => [row.what, row] as const))("still differs in %s", async (_, { emulated, observe }) => {
    expect(await observe()).toEqual(emulated)
  })

  it("has a reason for every difference", () => {
    for (const { real, reason } of rows) expect([real, reason].every((text) => text.length > 10)).toBe(true)
  })
})
