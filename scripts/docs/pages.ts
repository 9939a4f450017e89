/**
 * Assembles the pages of the site from the Markdown files of the project. Links become addresses of the site; a linked file
 * that is no page, such as an example, becomes a page with its code.
 */
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"

/** The files that are pages, with their places on the site. */
const placeOf = (file: string): string | undefined => {
  if (file === "README.md") return "index.md"
  if (/^(CONTRIBUTING|SECURITY|CHANGELOG)\.md$/.test(file)) return file.toLowerCase()
  if (file === "packages/testing/README.md") return "testing-package.md"
  if (file === "docs") return "guide/index.md"
  if (!file.startsWith("docs/") || !file.endsWith(".md")) return undefined
  return file.slice("docs/".length).replace(/README\.md$/, "index.md")
}

export interface Page {
  /** The place on the site, such as `guide/errors.md`. */
  readonly place: string
  readonly title: string
  readonly text: string
}

const addressOf = (place: string): string => `/${place.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`

const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? "latchkey"

/** Text outside code, in which the site's compiler would evaluate what stands in double braces. */
const withoutBraces = (text: string): string => text.replaceAll("{{", "&#123;&#123;")

const outsideCode = (text: string, change: (prose: string) => string): string =>
  text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, at) => (at % 2 === 0 ? change(part) : part))
    .join("")

/** Returns the place of what a link names: a page, or a page that is made for the file or the folder. */
const targetOf = (root: string, path: string): string => {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (found === undefined) throw new Error(`a link names ${path}, which does not exist`)
  if (found.isDirectory()) return placeOf(posix.join(path, "README.md")) ?? `source/${path}/index.md`
  // An address with an extension would be that of a file.
  return placeOf(path) ?? `source/${path.replaceAll(".", "-")}.md`
}

const isImage = /\.(png|jpg|svg|webp)$/

/** The address of an image, without the slash at its beginning. */
const imagePlace = (path: string): string => path.replace(/^docs\//, "")

const isSource = (place: string): boolean => place.startsWith("source/")

/** Makes the page of a file or a folder that is linked and is no page itself. */
const sourcePage = (root: string, path: string): string => {
  if (statSync(join(root, path)).isFile()) {
    const language = /\.(ts|json|sh)$/.exec(path)?.[1] ?? "text"
    return `# ${path}\n\n\`\`\`${language}\n${readFileSync(join(root, path), "utf8").trimEnd()}\n\`\`\`\n`
  }
  const names = readdirSync(join(root, path)).filter((name) => name.endsWith(".ts"))
  return `# ${path}\n\n${names.map((name) => `- [${name}](${posix.join(posix.basename(path), name)})`).join("\n")}\n`
}

/** Rewrites the relative links of a page, and reports the places that they name. */
const withAddresses = (
  root: string,
  file: string,
  text: string,
  report: (place: string, path: string) => void,
): string =>
  outsideCode(text, (prose) =>
    withoutBraces(prose.replace(/<!--[\s\S]*?-->\n?/g, "")).replace(
      /\]\(([^)\s#:]+)(#[^)\s]*)?\)/g,
      (_, target: string, hash = "") => {
        const path = posix.join(dirname(file), target)
        if (isImage.test(path)) return `](/${imagePlace(path)})`
        const place = targetOf(root, path)
        report(place, path)
        return `](${addressOf(place)}${hash})`
      },
    ),
  )

/** Assembles all pages. */
export const assemble = (root: string): ReadonlyArray<Page> => {
  const files = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "packages/testing/README.md"]
  const queue = [...files, ...globSync("docs/**/*.md", { cwd: root })].map((file) => ({
    file,
    place: placeOf(file) ?? "",
    text: readFileSync(join(root, file), "utf8"),
  }))
  const pages = new Map<string, Page>()
  const sources = new Set<string>()
  for (const { file, place, text } of queue) {
    pages.set(place, {
      place,
      title: titleOf(text),
      text: withAddresses(root, file, text, (named, path) => {
        if (!isSource(named) || sources.has(named)) return
        sources.add(named)
        queue.push({ file: path, place: named, text: sourcePage(root, path.replace(/\/$/, "")) })
      }),
    })
  }
  return [...pages.values(), decisionsPage([...pages.values()])]
}

const decisionsPage = (pages: ReadonlyArray<Page>): Page => {
  const decisions = pages.filter(({ place }) => /^decisions\/\d/.test(place)).toSorted(byPlace)
  const items = decisions.map(({ place, title }) => `- [${title}](${addressOf(place)})`)
  return { place: "decisions/index.md", title: "Decisions", text: `# Decisions\n\n${items.join("\n")}\n` }
}

const byPlace = (one: Page, other: Page): number => one.place.localeCompare(other.place)

/** Writes the pages and the images of the documentation into a folder, which is emptied first. */
export const writePages = (root: string, folder: string, pages: ReadonlyArray<Page>): void => {
  rmSync(folder, { recursive: true, force: true })
  for (const path of globSync("docs/**/*.{png,jpg,svg,webp}", { cwd: root }))
    cpSync(join(root, path), join(folder, "public", imagePlace(path)))
  for (const { place, text } of pages) {
    mkdirSync(dirname(join(folder, place)), { recursive: true })
    writeFileSync(join(folder, place), text)
  }
}

interface Item {
  readonly text: string
  readonly link: string
}

interface Group {
  readonly text: string
  readonly collapsed: boolean
  readonly items: ReadonlyArray<Item>
}

/** Makes the navigation at the side of each page. The guide is in the order of its first page. */
export const sidebarOf = (pages: ReadonlyArray<Page>, api: ReadonlyArray<string>): ReadonlyArray<Group> => {
  const itemOf = ({ place, title }: Page): Item => ({ text: title, link: addressOf(place) })
  const inFolder = (pattern: RegExp) => pages.filter(({ place }) => pattern.test(place)).toSorted(byPlace)
  const guide = pages.find(({ place }) => place === "guide/index.md")?.text ?? ""
  const order = (page: Page): number => guide.indexOf(`(${addressOf(page.place)})`)
  const group = (text: string, items: ReadonlyArray<Item>, collapsed = true): Group => ({ text, collapsed, items })
  return [
    group(
      "Guide",
      inFolder(/^guide\//)
        .toSorted((a, b) => order(a) - order(b))
        .map(itemOf),
      false,
    ),
    group("Vendors", inFolder(/^vendors\//).map(itemOf)),
    group("Reference", inFolder(/^(?!index|contributing|security|changelog)[^/]+\.md$/).map(itemOf)),
    group(
      "API",
      api.map((name) => ({ text: name, link: `/api/${name}` })),
    ),
    group("Project", inFolder(/^(contributing|security|changelog)\.md$|^decisions\/index/).map(itemOf)),
  ]
}
