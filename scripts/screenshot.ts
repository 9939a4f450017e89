/** Takes the picture of the demo's page: `docs/images/demo.png`, or the file in the first argument, 1280 or `--width` wide. */
import { mkdir, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { chromium, type Page } from "playwright-core"
import { startSite } from "../demo/site/start-site.ts"
import { chromiumSandbox, findChromium } from "../test/browser/chromium.ts"

const maxBytes = 150_000

/** Logs in at a vendor, and shows a good token, an outage, and a revoked token. */
const play = async (page: Page, url: string): Promise<void> => {
  const press = async (name: string): Promise<void> => {
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name }).click()])
  }
  await page.goto(`${url}/kinde`)
  await press("Call the API")
  await page.getByRole("link", { name: "Log in" }).click()
  await press("Sign in")
  await page.waitForURL(`${url}/kinde`)
  for (const name of ["Call the API", "Take it down", "Call the API"]) await press(name)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { width: { type: "string", default: "1280" }, dark: { type: "boolean", default: false } },
})
const file = positionals[0] ?? join(import.meta.dirname, "..", "docs", "images", "demo.png")
const executablePath = findChromium()
if (executablePath === undefined) throw new Error("no Chromium: set LATCHKEY_CHROMIUM to an executable")

const site = await startSite()
const browser = await chromium.launch({ executablePath, chromiumSandbox })
try {
  const viewport = { width: Number(values.width), height: 720 }
  const page = await browser.newPage({ viewport, colorScheme: values.dark ? "dark" : "light" })
  await play(page, site.url)
  await mkdir(dirname(file), { recursive: true })
  await page.screenshot({ path: file, fullPage: true })
  const { size } = await stat(file)
  if (size > maxBytes) throw new Error(`${file} has ${size} bytes, expected at most ${maxBytes}`)
  console.log(`${file}: ${size} bytes`)
} finally {
  await browser.close()
  await site.close()
}
