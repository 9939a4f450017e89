/** Opening the pages of a site in Chromium finds what a reader would see. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { lookAtEveryPage } from "../../scripts/docs/look.ts"
import { hasBrowser } from "./person.ts"

/** Each test starts a Chromium of its own, which takes seconds on a busy machine. */
const timeout = 90_000

/** A page as the site has it: the script marks the application as started, and opens the search. */
const pageOf = (content: string): string => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>A page</title></head>
<body><div id="app"><div id="local-search"><button>Search</button></div><main><h1>A page</h1>${content}</main></div>
<input id="localsearch-input">
<script>
document.querySelector("#app").__vue_app__ = {}
document.querySelector("#localsearch-input").addEventListener("input", ({ target }) => {
  if (document.body.dataset.empty === undefined)
    document.body.insertAdjacentHTML("beforeend", '<p class="result">' + target.value + "</p>")
})
</script></body></html>`

const look = async (pages: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-site-"))
  for (const [name, content] of Object.entries(pages)) writeFileSync(join(folder, name), pageOf(content))
  const found = await lookAtEveryPage(folder)
  rmSync(folder, { recursive: true })
  return found
}

it.skipIf(!hasBrowser)("a site without faults has no problems", { timeout }, async () => {
  expect(await look({ "index.html": "<p>Fine.</p>" })).toEqual({ opened: 1, problems: [] })
})

it.skipIf(!hasBrowser)("each fault of a page is a problem of its own", { timeout }, async () => {
  const { opened, problems } = await look({
    "index.html": "<p>Fine.</p>",
    "wide.html": '<p style="width: 600px">Wider than a telephone.</p>',
    "error.html": '<script>console.error("broken")</script>',
    "thrown.html": '<script>throw new Error("thrown")</script>',
    "missing.html": '<img src="/gone.png" alt="">',
    "foreign.html": '<img src="http://127.0.0.1:9/pixel.png" alt="">',
  })
  expect(opened).toBe(6)
  const all = problems.join("\n")
  expect(all).toMatch(/wide\.html at 390: 6\d\d pixels wide/)
  expect(all).not.toMatch(/wide\.html at 1280/)
  expect(all).toMatch(/error\.html: console: broken/)
  expect(all).toMatch(/thrown\.html: error: thrown/)
  expect(all).toMatch(/missing\.html: 404: /)
  expect(all).toMatch(/foreign\.html: from another site: http:\/\/127\.0\.0\.1:9\/pixel\.png/)
  expect(all).not.toMatch(/index\.html/)
})

it.skipIf(!hasBrowser)("a search without results is a problem", { timeout }, async () => {
  const silent = '<script>document.body.dataset.empty = ""</script>'
  expect((await look({ "index.html": silent })).problems).toEqual(['the search finds nothing for "introspect"'])
})
