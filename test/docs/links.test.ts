import { existsSync, globSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { text } from "./examples.ts"

const root = join(import.meta.dirname, "..", "..")
const exclude = ["**/node_modules/**", "**/dist/**", "site/.generated/**"]
const pages = globSync("**/*.md", { cwd: root, exclude })

/** The targets of a page's links and images, without URLs, as paths from the root. */
const links = (page: string): ReadonlyArray<string> =>
  Array.from(text(page).matchAll(/\]\(([^)\s]+)[^)]*\)/g), ([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .map((target) => join(dirname(page), target))

/** The anchors that GitHub makes of the headings of a page. */
const anchors = (page: string): ReadonlySet<string> =>
  new Set(
    Array.from(text(page).matchAll(/^#{1,6} (.*)$/gm), ([, heading = ""]) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  )

/** The links of a page to headings, of itself or of another page, that do not exist. */
const brokenAnchors = (page: string): ReadonlyArray<string> =>
  Array.from(text(page).matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g))
    .filter(([, target = "", hash = ""]) => {
      const file = target === "" ? page : join(dirname(page), target)
      return file.endsWith(".md") && existsSync(join(root, file)) && !anchors(file).has(hash)
    })
    .map(([link]) => link)

/** The paths from the root in a page's inline code. A path with a placeholder is left out. */
const pathsIn = (page: string): ReadonlyArray<string> =>
  Array.from(
    text(page).matchAll(/`((?:src|test|docs|demo|examples|scripts|bench|packages)\/[^`\s<>*{}]*)`/g),
    ([, path = ""]) => path,
  )

describe("the Markdown files", () => {
  it("are found", () => {
    expect(pages).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", join("docs", "operations.md")]))
  })

  it.each(pages)("%s links to files that exist", (page) => {
    expect(links(page).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it.each(pages)("%s links to headings that exist", (page) => {
    expect(brokenAnchors(page)).toEqual([])
  })

  it.each(pages)("%s names files that exist", (page) => {
    expect(pathsIn(page).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

/** The lines of a page outside code blocks, tables and comments. A line that is one word, such as a URL, cannot be wrapped. */
const proseLines = (page: string): ReadonlyArray<string> =>
  text(page)
    .replace(/^```[\s\S]*?^```/gm, "")
    .split("\n")
    .filter((line) => !/^\s*(\||<!--)/.test(line) && /\S\s+\S/.test(line.trim().replace(/^([-*]|\d+\.)\s+/, "")))

describe("the prose of the Markdown files", () => {
  it.each(pages)("%s is wrapped at 120 characters", (page) => {
    expect(proseLines(page).filter((line) => line.length > 120)).toEqual([])
  })
})
