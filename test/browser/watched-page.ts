/** Records what fails in a page without anybody seeing it: errors, failed requests, blocked cookies. */
import type { BrowserContext, Page } from "playwright-core"

export interface Watched {
  readonly page: Page
  /** What failed. Each fails the test. */
  readonly problems: Array<string>
  /** The statuses of the error pages. */
  readonly statuses: Array<number>
  /** The cookies that the browser did not store, or did not send, each with the reason. */
  readonly blockedCookies: Array<string>
}

/** In milliseconds. */
export const timeout = 10_000

/** Opens a page, and records what fails in it until the browser is closed. */
export const openWatched = async (context: BrowserContext): Promise<Watched> => {
  const page = await context.newPage()
  page.setDefaultTimeout(timeout)
  const watched: Watched = { page, problems: [], statuses: [], blockedCookies: [] }
  watchPage(watched)
  await watchCookies(context, watched)
  return watched
}

const watchPage = ({ page, problems, statuses }: Watched): void => {
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
}

/** A cookie of another path is not for this request, and nothing is wrong with it. */
const elsewhere = ["NotOnPath", "DomainMismatch"]

const watchCookies = async (context: BrowserContext, { page, blockedCookies }: Watched): Promise<void> => {
  const session = await context.newCDPSession(page)
  session.on("Network.responseReceivedExtraInfo", (response) => {
    for (const { blockedReasons, cookieLine } of response.blockedCookies)
      blockedCookies.push(`not stored: ${cookieLine.split("=", 1)[0]} (${blockedReasons.join()})`)
  })
  session.on("Network.requestWillBeSentExtraInfo", ({ associatedCookies }) => {
    for (const { blockedReasons, cookie } of associatedCookies) {
      const reasons = blockedReasons.filter((reason) => !elsewhere.includes(reason))
      if (reasons.length > 0) blockedCookies.push(`not sent: ${cookie.name} (${reasons.join()})`)
    }
  })
  await session.send("Network.enable")
}
