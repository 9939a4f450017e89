/** Opens every page of the built site in Chromium, wide and narrow, and searches. */
import { once } from "node:events"
import { createReadStream, existsSync, globSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join } from "node:path"
import { type Browser, chromium, type Page } from "playwright-core"
import { chromiumSandbox, findChromium } from "../../test/browser/chromium.ts"
import { fileOf } from "./links.ts"

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".png": "image/png",
}

/** Serves a folder on loopback. */
const serve = async (folder: string): Promise<{ readonly url: string } & AsyncDisposable> => {
  const server = createServer((request, response) => {
    const path = join(folder, fileOf(new URL(request.url ?? "/", "http://site").pathname))
    if (!path.startsWith(folder) || !existsSync(path)) return void response.writeHead(404).end()
    response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream")
    createReadStream(path).pipe(response)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const close = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close }
}

const wide = { width: 1280, height: 900 }
const narrow = { width: 390, height: 844 }

/** Opens a tab, and collects what goes wrong in it. */
const openTab = async (browser: Browser, origin: string, report: (problem: string) => void): Promise<Page> => {
  const page = await browser.newPage({ viewport: wide })
  const add = (problem: string) => report(`${page.url().slice(origin.length)}: ${problem}`)
  page.on("console", (message) => message.type() === "error" && add(`console: ${message.text()}`))
  page.on("pageerror", (error) => add(`error: ${error.message}`))
  page.on("requestfailed", (request) => {
    // Chromium ends what it has fetched in advance when the tab leaves the page.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") add(`not loaded: ${request.url()}`)
  })
  page.on("response", (response) => response.status() >= 400 && add(`${response.status()}: ${response.url()}`))
  page.on("request", (request) => {
    const url = request.url()
    if (!/^(data|blob):/.test(url) && !url.startsWith(origin)) add(`from another site: ${url}`)
  })
  return page
}

/** The elements that make a page wider than its window. */
const tooWide = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wider = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    )
    return [
      `${scrollWidth} pixels wide: ${wider
        .slice(0, 3)
        .map((element) => element.outerHTML.slice(0, 80))
        .join(" ")}`,
    ]
  })

interface Look {
  readonly url: string
  readonly report: (problem: string) => void
  readonly pictures: string | undefined
}

/** The pages of which pictures are kept. */
const pictured: ReadonlySet<string> = new Set([
  "index.html",
  "guide/protect-a-route.html",
  "guide/configuration.html",
  "api/latchkey.html",
])

const lookAt = async (page: Page, path: string, { url, report, pictures }: Look): Promise<void> => {
  await page.setViewportSize(wide)
  await page.goto(`${url}/${path}`, { waitUntil: "load" })
  await page.waitForFunction(() => Reflect.has(document.querySelector("#app") ?? {}, "__vue_app__"))
  if ((await page.locator("h1").count()) === 0 && path !== "404.html") report(`${path}: no heading`)
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size)
    for (const problem of await tooWide(page)) report(`${path} at ${size.width}: ${problem}`)
    if (pictures !== undefined && pictured.has(path))
      await page.screenshot({
        animations: "disabled",
        path: join(pictures, `${path.replace(/\W+/g, "-")}-${size.width}.png`),
      })
  }
}

/** Searches for a word, and checks that there are results. */
const search = async (page: Page, { url, report }: Look): Promise<void> => {
  await page.setViewportSize(wide)
  await page.goto(url, { waitUntil: "load" })
  await page.locator("#local-search button").click()
  await page.locator("#localsearch-input").fill("introspect")
  const found = page.locator(".result")
  await found
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(() => report('the search finds nothing for "introspect"'))
}

const tabs = 3

/** Opens every page, and returns one sentence for each problem. `pictures`: a folder for pictures of some pages. */
export const lookAtEveryPage = async (
  folder: string,
  pictures?: string,
): Promise<{ readonly opened: number; readonly problems: ReadonlyArray<string> }> => {
  const executablePath = findChromium()
  if (executablePath === undefined) return { opened: 0, problems: ["there is no Chromium: install it"] }
  const paths = globSync("**/*.html", { cwd: folder }).toSorted()
  const problems: Array<string> = []
  await using server = await serve(folder)
  const browser = await chromium.launch({ executablePath, chromiumSandbox })
  const look: Look = { url: server.url, report: (problem) => problems.push(problem), pictures }
  const queue = paths.values()
  await Promise.all(
    Array.from({ length: tabs }, async () => {
      const page = await openTab(browser, server.url, look.report)
      for (const path of queue) await lookAt(page, path, look)
      await page.close()
    }),
  )
  const page = await openTab(browser, server.url, look.report)
  await search(page, look)
  await browser.close()
  return { opened: paths.length, problems }
}
