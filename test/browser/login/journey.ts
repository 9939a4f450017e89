/** What a person does at the login example, with any vendor and in each framework. */
import { describe, expect, it } from "vitest"
import { hasBrowser, openPerson, type Person } from "../person.ts"
import { frameworkNames, type RunningApp, startApp } from "./running-app.ts"
import type { StartLoginVendor } from "./vendor.ts"

/** Logs in from the home page. */
export const logIn = async (person: Person, { home, url, vendor }: RunningApp, again = false): Promise<string> => {
  await person.visit(home)
  await person.follow("Welcome", "Log in")
  await vendor.allow(person, again)
  await person.arriveAt(`${url}/account`)
  return person.read("Your account")
}

/** The cookie of the session. */
export const sessionCookie = async (person: Person) =>
  (await person.context.cookies()).find(({ name }) => name === "app-session")

/** Goes back to the last page at an address, as with the browser's list of earlier pages. */
const goBackTo = async (person: Person, url: string): Promise<void> => {
  const session = await person.context.newCDPSession(person.page)
  const { entries } = await session.send("Page.getNavigationHistory")
  const entry = entries.findLast((each) => each.url === url)
  if (entry === undefined) throw new Error(`the browser was never at ${url}`)
  await session.send("Page.navigateToHistoryEntry", { entryId: entry.id })
}

/** Gives each session a token that expired in 1970, so that the next request refreshes it. */
const expireTokens = ({ sessions }: RunningApp): void => {
  for (const session of sessions.values()) session.tokens = { ...session.tokens, expiresAt: new Date(0) }
}

const logsInAndOut = async (app: RunningApp): Promise<void> => {
  await using person = await openPerson({ scripts: true })
  expect(await logIn(person, app)).toContain(`You are logged in as ${app.vendor.user}.`)
  const first = await sessionCookie(person)
  expect(first).toMatchObject({ httpOnly: true, sameSite: "Lax", secure: false, path: "/" })
  await person.press("Your account", "Log out")
  await app.vendor.leave(person)
  await person.arriveAt(app.home)
  await person.read("Welcome")
  expect(await sessionCookie(person)).toBeUndefined()
  await goBackTo(person, `${app.url}/account`)
  await person.arriveAt(`${app.home}?returnTo=/account`)
  await person.read("Welcome")
  // Whoever has a copy of the cookie is logged out too.
  if (first !== undefined) await person.context.addCookies([first])
  await person.visit(`${app.url}/account`)
  await person.arriveAt(`${app.home}?returnTo=/account`)
  expect(app.sessions.size).toBe(0)
  await logIn(person, app, true)
  expect((await sessionCookie(person))?.value).not.toBe(first?.value)
}

const refreshesOnce = async (app: RunningApp): Promise<void> => {
  await using person = await openPerson({ scripts: true })
  await logIn(person, app)
  const tab = await person.openTab()
  expireTokens(app)
  const tokens = [...app.sessions.values()].map((session) => session.tokens.accessToken)
  app.holdRefreshes(2)
  // Chromium sends concurrent requests for one address one after the other.
  await Promise.all([person.visit(`${app.url}/account?1`), tab.goto(`${app.url}/account?2`)])
  for (const page of [person.page, tab]) expect(await page.title()).toBe("Your account")
  expect(app.refreshes()).toBe(1)
  await person.visit(`${app.url}/account`)
  await person.read("Your account")
  expect(app.refreshes()).toBe(1)
  expect([...app.sessions.values()].map((session) => session.tokens.accessToken)).not.toEqual(tokens)
  // The refreshed session ends like any other.
  await person.press("Your account", "Log out")
  await app.vendor.leave(person)
  await person.arriveAt(app.home)
}

const deniesAndAllows = async (app: RunningApp): Promise<void> => {
  await using person = await openPerson({ scripts: true })
  await person.visit(app.home)
  await person.follow("Welcome", "Log in")
  await app.vendor.deny(person)
  await person.arriveAt(`${app.url}/callback`)
  expect(await person.read("Login denied")).toContain("You did not allow the login.")
  expect(person.errorStatuses()).toEqual([403])
  expect(app.sessions.size).toBe(0)
  await person.follow("Login denied", "Log in")
  await app.vendor.allow(person)
  await person.arriveAt(`${app.url}/account`)
  await person.read("Your account")
}

/** The journeys with one vendor. */
export const describeLogin = (name: string, start: StartLoginVendor): void => {
  describe.skipIf(!hasBrowser).each(frameworkNames)(
    `a person at the login example in %s, with ${name}`,
    (framework) => {
      it.each([
        ["logs in, logs out, goes back, and logs in again", logsInAndOut],
        ["causes one refresh with two requests at once", refreshesOnce],
        ["denies the login, reads a message, and then allows it", deniesAndAllows],
      ])("%s", async (_, walk) => {
        await using app = await startApp(framework, start)
        await walk(app)
      })
    },
  )
}
