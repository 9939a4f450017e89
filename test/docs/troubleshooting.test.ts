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

  it("quotes texts that the sources have", () => {
    const sources = globSync("src/**/*.ts", { cwd: root }).map(text).join("\n")
    const unknown = ["`detail` begins with", "the message contains"].flatMap((heading) => {
      const quoted = quotedBelow(heading)
      expect(quoted.length).toBeGreaterThan(6)
      return quoted.filter((detail) => !sources.includes(detail))
    })
    expect(unknown).toEqual([])
  })
})

/** The quotations in the first column of the table with this heading. */
const quotedBelow = (heading: string): ReadonlyArray<string> => {
  const start = page.indexOf(`| ${heading} |`)
  const table = page.slice(start, page.indexOf("\n\n", start))
  return Array.from(table.matchAll(/^\| (`.*?`) \|/gm), ([, cell = ""]) => cell)
    .flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, detail = ""]) => detail))
    .filter((detail) => !detail.includes("CERT_HAS_EXPIRED"))
    .map((detail) => detail.replace(/^LATCHKEY_\w+: /, ""))
}
