/** A person at a real browser: opens addresses, reads pages, fills in fields and presses buttons. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { expect, inject } from "vitest"
import { expectUsable } from "./markup.ts"
import { openWatched, timeout, type Watched } from "./watched-page.ts"

/** Whether there is a browser. */
export const hasBrowser = inject("chromium") !== ""

export interface Person extends AsyncDisposable {
  readonly visit: (url: string) => Promise<void>
  readonly fill: (label: string, text: string) => Promise<void>
  /** Presses a button of a page that has the title, after checking the page. */
  readonly press: (title: string, button: string) => Promise<void>
  /** Follows a link of a page that has the title, after checking the page. */
  readonly follow: (title: string, link: string) => Promise<void>
  /** Waits until the address begins with a prefix, and returns it. */
  readonly arriveAt: (prefix: string) => Promise<string>
  /** The text of the page with the title, after checking the page. */
  readonly read: (title: string) => Promise<string>
  /** The statuses of the error pages so far. An error page that no test reads fails the test. */
  readonly errorStatuses: () => ReadonlyArray<number>
  /** The cookies so far that the browser blocked. One that no test reads fails the test. */
  readonly blockedCookies: () => ReadonlyArray<string>
  /** The page itself, for pages of others that are not checked. */
  readonly page: Page
  /** The browser's cookies, and its further pages. */
  readonly context: BrowserContext
  /** Opens a further page of the same browser. */
  readonly openTab: () => Promise<Page>
}

export interface PersonOptions {
  readonly scripts?: boolean
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: "light" | "dark"
}

/** Opens a browser with an empty cookie jar. Its disposal fails if a page or a request failed. */
export const openPerson = async ({ scripts = false, ...options }: PersonOptions = {}): Promise<Person> => {
  const browser = await chromium.connect(inject("chromium"))
  const context = await browser.newContext({ javaScriptEnabled: scripts, ...options })
  const watched = await openWatched(context)
  const all = [watched]
  const { page } = watched
  const at = async (title: string) => {
    await expect.poll(() => page.title(), { timeout }).toBe(title)
    await expectUsable(page)
  }
  const click = async (title: string, role: "button" | "link", name: string) => {
    await at(title)
    await page.getByRole(role, { name, exact: true }).click()
  }
  return {
    visit: async (url) => void (await page.goto(url)),
    fill: (label, text) => page.getByLabel(label).fill(text),
    press: (title, button) => click(title, "button", button),
    follow: (title, link) => click(title, "link", link),
    arriveAt: async (prefix) => {
      await page.waitForURL((url) => url.href.startsWith(prefix))
      return page.url()
    },
    read: async (title) => {
      await at(title)
      return page.locator("main").innerText()
    },
    errorStatuses: () => all.flatMap(({ statuses }) => statuses.splice(0)),
    blockedCookies: () => all.flatMap(({ blockedCookies }) => blockedCookies.splice(0)),
    page,
    context,
    openTab: async () => {
      all.push(await openWatched(context))
      return all[all.length - 1]?.page ?? page
    },
    [Symbol.asyncDispose]: () => leave(browser, context, all),
  }
}

const leave = async (browser: Browser, context: BrowserContext, all: ReadonlyArray<Watched>) => {
  await context.close()
  await browser.close()
  for (const { problems, statuses, blockedCookies } of all)
    expect({ problems, statuses, blockedCookies }).toEqual({ problems: [], statuses: [], blockedCookies: [] })
}
