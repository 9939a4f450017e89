/** docs/guide/troubleshooting.md beside the texts and names that an operator sees. */
import { globSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { text } from "./examples.ts"

const page = text("docs/guide/troubleshooting.md")
const root = join(import.meta.dirname, "..", "..")

describe("docs/guide/troubleshooting.md", () => {
  it("names checks that an explanation has", () => {
    const checks = new Set(page.match(/\b(jwt|response|merge)\.[a-z]+\b/g))
    const known = text("docs/introspection.md")
    expect(checks.size).toBeGreaterThan(10)
    expect(Array.from(checks).filter((check) => !known.includes(`\`${check}\``))).toEqual([])
  })

  it("quotes beginnings of `detail` that the sources have", () => {
    const table = /\| `detail` begins with[\s\S]*?\n\n/.exec(page)?.[0] ?? ""
    const quoted = Array.from(table.matchAll(/^\| (`.*?`) \|/gm), ([, cell = ""]) => cell)
      .flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, detail = ""]) => detail))
      .filter((detail) => !detail.includes("CERT_HAS_EXPIRED"))
    const sources = globSync("src/**/*.ts", { cwd: root }).map(text).join("\n")
    expect(quoted.length).toBeGreaterThan(6)
    expect(quoted.filter((detail) => !sources.includes(detail))).toEqual([])
  })
})
