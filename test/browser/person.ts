/** A person at a real browser: opens addresses, reads pages, fills in fields and presses buttons. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { expect, inject } from "vitest"
import { expectUsable } from "./markup.ts"

/** Whether there is a browser. */
export const hasBrowser = inject("chromium") !== ""

export interface Person extends AsyncDisposable {
  readonly visit: (url: string) => Promise<void>
  readonly fill: (label: string, text: string) => Promise<void>
  /** Presses a button of a page that has the title, after checking the page. */
  readonly press: (title: string, button: string) => Promise<void>
  /** Waits until the address begins with a prefix, and returns it. */
  readonly arriveAt: (prefix: string) => Promise<string>
  /** The text of the page with the title, after checking the page. */
  readonly read: (title: string) => Promise<string>
  /** The statuses of the error pages so far. An error page that no test reads fails the test. */
  readonly errorStatuses: () => ReadonlyArray<number>
}

/** In milliseconds. */
const timeout = 5000

/** Opens a browser with an empty cookie jar. Its disposal fails if a page or a request failed. */
export const openPerson = async (options: { readonly scripts?: boolean } = {}): Promise<Person> => {
  const browser = await chromium.connect(inject("chromium"))
  const context = await browser.newContext({ javaScriptEnabled: options.scripts ?? false })
  const page = await context.newPage()
  page.setDefaultTimeout(timeout)
  const watched = watch(page)
  const at = async (title: string) => {
    await expect.poll(() => page.title(), { timeout }).toBe(title)
    await expectUsable(page)
  }
  return {
    visit: async (url) => void (await page.goto(url)),
    fill: (label, text) => page.getByLabel(label).fill(text),
    press: async (title, button) => {
      await at(title)
      await page.getByRole("button", { name: button, exact: true }).click()
    },
    arriveAt: async (prefix) => {
      await page.waitForURL((url) => url.href.startsWith(prefix))
      return page.url()
    },
    read: async (title) => {
      await at(title)
      return page.locator("main").innerText()
    },
    errorStatuses: () => watched.statuses.splice(0),
    [Symbol.asyncDispose]: () => leave(browser, context, watched),
  }
}

interface Watched {
  readonly problems: ReadonlyArray<string>
  readonly statuses: Array<number>
}

const watch = (page: Page): Watched => {
  const [problems, statuses]: [Array<string>, Array<number>] = [[], []]
  page.on("pageerror", (error) => problems.push(`error in the page: ${error.message}`))
  page.on("requestfailed", (request) =>
    problems.push(`failed request: ${request.url()} ${request.failure()?.errorText}`),
  )
  page.on("response", (response) => {
    if (response.status() >= 400) statuses.push(response.status())
  })
  page.on("console", (message) => {
    // The browser also writes an error for every error page, whose status is in `statuses`.
    const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of")
    if (["error", "warning"].includes(message.type()) && !isStatus) problems.push(`console: ${message.text()}`)
  })
  return { problems, statuses }
}

const leave = async (browser: Browser, context: BrowserContext, { problems, statuses }: Watched) => {
  await context.close()
  await browser.close()
  expect({ problems, statuses }).toEqual({ problems: [], statuses: [] })
}
