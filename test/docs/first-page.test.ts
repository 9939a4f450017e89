/** What a reader meets first. */
import { describe, expect, it } from "vitest"
import { pages, text } from "./examples.ts"

const guide = pages.filter((page) => page.startsWith("docs/guide/"))
const lines = (page: string): number => text(page).trimEnd().split("\n").length

describe("the README", () => {
  it("has fewer than 120 lines", () => {
    expect(lines("README.md")).toBeLessThan(120)
  })

  it("installs latchkey and protects a route within its first 25 lines", () => {
    const start = text("README.md").split("\n").slice(0, 25).join("\n")
    expect(start).toContain("npm install latchkey effect")
    expect(start).toContain("protect({ scopes:")
  })

  it("links to every page of the guide", () => {
    const named = Array.from(text("README.md").matchAll(/\((docs\/guide\/[\w-]+\.md)/g), ([, page]) => page)
    expect(guide.filter((page) => !named.includes(page))).toEqual(["docs/guide/README.md"])
  })
})

describe("the pages of the guide", () => {
  it.each(guide)("%s has fewer than 150 lines, and begins with what the reader gets", (page) => {
    expect(lines(page)).toBeLessThan(150)
    expect(text(page)).toMatch(/^# .+\n\n[A-Za-z`][^\n]+/)
  })

  it("are all in the list of the guide", () => {
    const listed = Array.from(text("docs/guide/README.md").matchAll(/\(([\w-]+\.md)\)/g), ([, page]) => page)
    expect(guide.map((page) => page.slice("docs/guide/".length)).filter((page) => page !== "README.md")).toEqual(
      listed.toSorted(),
    )
  })
})
