import { existsSync, globSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { text } from "./examples.ts"

const root = join(import.meta.dirname, "..", "..")
const exclude = ["node_modules/**", "dist/**"]
const pages = globSync("**/*.md", { cwd: root, exclude })

/** The targets of links and images that are no URLs, from the page that has them. */
const links = (page: string): ReadonlyArray<string> =>
  Array.from(text(page).matchAll(/\]\(([^)\s]+)[^)]*\)/g), ([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .map((target) => join(dirname(page), target))

/** Paths from the root that a page names in its text; one with a placeholder names no file. */
const named = (page: string): ReadonlyArray<string> =>
  Array.from(
    text(page).matchAll(/`((?:src|test|docs|examples|scripts|bench)\/[^`\s<>*{}]*)`/g),
    ([, path = ""]) => path,
  )

describe("the Markdown files", () => {
  it("are found", () => {
    expect(pages).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", join("docs", "operations.md")]))
  })

  it.each(pages)("%s links to files that exist", (page) => {
    expect(links(page).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it.each(pages)("%s names files that exist", (page) => {
    expect(named(page).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
