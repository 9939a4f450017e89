/**
 * Builds the site of the documentation into `site/.vitepress/dist`: the pages, the API reference and the search. Checks
 * every link and every anchor.
 *
 * With `--look` it also opens every page in Chromium; with `--pictures FOLDER` it keeps pictures of some pages.
 */
import { spawnSync } from "node:child_process"
import { existsSync, globSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brokenLinks } from "./docs/links.ts"
import { lookAtEveryPage } from "./docs/look.ts"
import { assemble, sidebarOf, writePages } from "./docs/pages.ts"

const root = join(import.meta.dirname, "..")
const site = join(root, "site")
const generated = join(site, ".generated")
const built = join(site, ".vitepress", "dist")

const run = (command: string, ...args: ReadonlyArray<string>): void => {
  const { status } = spawnSync(command, args, { cwd: site, stdio: ["ignore", "inherit", "inherit"] })
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed`)
}

const tool = (path: string, ...args: ReadonlyArray<string>): void =>
  run(process.execPath, join("node_modules", path), ...args)

/** Whether the tools of the site are those of its lock file. */
const isInstalled = (): boolean => {
  const marker = join(site, "node_modules", ".package-lock.json")
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(site, "package-lock.json")).mtimeMs
}

const build = (): void => {
  if (!isInstalled()) run("npm", "ci", "--no-audit", "--no-fund")
  const pages = assemble(root)
  writePages(root, generated, pages)
  tool("typedoc/bin/typedoc", "--logLevel", "Error")
  const api = globSync("**/*.md", { cwd: join(generated, "api") })
    .map((path) => path.replace(/\.md$/, ""))
    .filter((path) => path !== "index")
    .toSorted()
  writeFileSync(join(generated, "sidebar.json"), JSON.stringify(sidebarOf(pages, api)))
  tool("vitepress/bin/vitepress.js", "build")
}

const started = performance.now()
const since = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`

build()
const broken = brokenLinks(built)
for (const each of broken) console.log(each)
console.log(`built in ${since()}; ${broken.length} broken links`)
let failures = broken.length

if (process.argv.includes("--look")) {
  const at = process.argv.indexOf("--pictures")
  const { opened, problems } = await lookAtEveryPage(built, at === -1 ? undefined : process.argv[at + 1])
  for (const problem of problems) console.log(problem)
  console.log(`${opened} pages opened in Chromium at 1280 and at 390 pixels, ${problems.length} problems; ${since()}`)
  failures += problems.length
}
process.exitCode = failures === 0 ? 0 : 1
