/** The site: how pages are assembled, and how links are checked. `npm run docs` builds it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { brokenLinks } from "../../scripts/docs/links.ts"
import { assemble, sidebarOf, writePages } from "../../scripts/docs/pages.ts"
import { pages as documents } from "./examples.ts"

const root = join(import.meta.dirname, "..", "..")
const folders: Array<string> = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Makes a folder with these files. */
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-site-"))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** The pages that a site has besides its first one. */
const emptyPages = Object.fromEntries(
  ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "packages/testing/README.md"].map((file) => [file, "# A page\n"]),
)

describe("the pages of the site", () => {
  const pages = assemble(root)
  const textOf = (place: string): string => pages.find((page) => page.place === place)?.text ?? ""

  it("include every page of the documentation", () => {
    const places = new Set(pages.map(({ place }) => place))
    const expected = documents
      .filter((page) => page.startsWith("docs/"))
      .map((page) => page.slice("docs/".length).replace(/README\.md$/, "index.md"))
    expect(expected.filter((place) => !places.has(place))).toEqual([])
    expect(places).toContain("index.md")
  })

  it("are all in the sidebar, except the first one, the decisions and the sources", () => {
    const links = new Set(sidebarOf(pages, []).flatMap(({ items }) => items.map(({ link }) => link)))
    const missing = pages.filter(
      ({ place }) =>
        !/^(index|decisions\/\d|source\/)/.test(place) &&
        !links.has(`/${place.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`),
    )
    expect(missing.map(({ place }) => place)).toEqual([])
  })

  it("have the code of a linked example as a page", () => {
    expect(textOf("guide/protect-a-route.md")).toContain("](/source/examples/guards/hono-ts)")
    expect(textOf("source/examples/guards/hono-ts.md")).toContain('from "latchkey/guard/hono"')
  })

  it("have no comments", () => {
    expect(pages.filter(({ place, text }) => !place.startsWith("source/") && /^<!--/m.test(text))).toEqual([])
  })

  it("show the images of the documentation, which are copied", () => {
    const folder = folderWith({
      ...emptyPages,
      "README.md": "# latchkey\n\n![The demo](docs/images/demo.png)\n",
      "docs/images/demo.png": "an image",
    })
    const images = assemble(folder)
    expect(images.find(({ place }) => place === "index.md")?.text).toContain("![The demo](/images/demo.png)")
    writePages(folder, join(folder, "site"), images)
    expect(readFileSync(join(folder, "site", "public", "images", "demo.png"), "utf8")).toBe("an image")
  })

  it("cannot be assembled with a link to a file that does not exist", () => {
    const folder = folderWith({
      ...emptyPages,
      "README.md": "# latchkey\n\n[gone](docs/gone.md)\n",
    })
    expect(() => assemble(folder)).toThrow("docs/gone.md, which does not exist")
  })
})

describe("the check of links", () => {
  it("finds a page, a file and a heading that do not exist, and nothing else", () => {
    const folder = folderWith({
      "index.html": '<a href="/guide/errors.html#conflict">a</a> <a href="/guide/">b</a> <img src="/images/a.png">',
      "guide/index.html":
        '<a href="errors.html">a</a> <a href="/guide/gone">b</a> <a href="https://example.com/x">c</a>',
      "guide/errors.html": '<h2 id="conflict">Conflict</h2> <a href="#conflict">a</a> <a href="#gone">b</a>',
    })
    expect(brokenLinks(folder).toSorted()).toEqual([
      "guide/errors.html links to #gone, and there is no such heading",
      "guide/index.html links to /guide/gone, which does not exist",
      "index.html links to /images/a.png, which does not exist",
    ])
  })
})
