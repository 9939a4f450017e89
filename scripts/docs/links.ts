/** Checks the links between the built pages: every page, every file and every anchor that a link names must exist. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"

const attributes = (html: string, name: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g")), ([, value = ""]) => value.replaceAll("&amp;", "&"))

/** The file that an address of the site is served from. */
export const fileOf = (address: string): string => {
  const path = decodeURIComponent(address.replace(/^\//, ""))
  if (path === "" || path.endsWith("/")) return `${path}index.html`
  return posix.extname(path) === "" ? `${path}.html` : path
}

/** Returns one sentence for each link to something that does not exist. Links to other sites are not followed. */
export const brokenLinks = (folder: string): ReadonlyArray<string> => {
  const pages = globSync("**/*.html", { cwd: folder })
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]))
  const anchors = new Map(Array.from(texts, ([page, html]) => [page, new Set(attributes(html, "id"))]))
  return Array.from(texts).flatMap(([page, html]) =>
    Array.from(new Set([...attributes(html, "href"), ...attributes(html, "src")]))
      .filter((href) => !/^([a-z]+:|\/\/)/i.test(href))
      .flatMap((href) => {
        const [address = "", hash = ""] = href.split("#", 2)
        const file = address === "" ? page : fileOf(posix.join("/", posix.dirname(page), rooted(address, page)))
        if (!existsSync(join(folder, file))) return [`${page} links to ${href}, which does not exist`]
        if (hash === "" || !file.endsWith(".html")) return []
        return anchors.get(file)?.has(decodeURIComponent(hash)) === true
          ? []
          : [`${page} links to ${href}, and there is no such heading`]
      }),
  )
}

/** An address from the root, relative to the folder of a page. */
const rooted = (address: string, page: string): string =>
  address.startsWith("/")
    ? posix.relative(posix.join("/", posix.dirname(page)), address) + (address.endsWith("/") ? "/" : "")
    : address
