import { describe, expect, it } from "vitest"
import { text } from "./examples.ts"

/** The table rows that contain a measurement. */
const rows = (page: string): ReadonlyArray<string> =>
  page.split("\n").filter((line) => /^\| .* \d+\.\d+ .*\|$/.test(line))

describe("the figures in the README", () => {
  it("are two rows of docs/performance.md", () => {
    const quoted = rows(text("README.md"))
    expect(quoted).toHaveLength(2)
    for (const line of quoted) expect(text("docs/performance.md")).toContain(line)
  })
})
