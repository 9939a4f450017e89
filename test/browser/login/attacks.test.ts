/** What other sites and changed cookies do to the login example, in a real browser. */
import { describe, expect, it } from "vitest"
import { type Application, pageOf, startApplication } from "../application.ts"
import { hasBrowser, openPerson, type Person } from "../person.ts"
import { kinde, oidc } from "./emulated-vendors.ts"
import { logIn, sessionCookie } from "./journey.ts"
import { frameworkNames, startApp } from "./running-app.ts"

/** Another site, with a form that logs the user of the example out. */
const startOtherSite = (target: string): Promise<Application> =>
  startApplication(async () =>
    pageOf("Win a prize").replace(
      "</main>",
      `<form method="post" action="${target}"><button>Win</button></form></main>`,
    ),
  )

const win = (person: Person) => person.page.getByRole("button", { name: "Win" }).click()

describe.skipIf(!hasBrowser).each(frameworkNames)("a person at the login example in %s", (framework) => {
  it.each([
    ["of another port", "127.0.0.1", []],
    ["of another site", "localhost", ["not sent: app-session (SchemefulSameSiteLax)"]],
  ])("stays logged in after a forged POST from a page %s", async (_, host, blocked) => {
    await using app = await startApp(framework, oidc)
    await using other = await startOtherSite(`${app.url}/logout`)
    await using person = await openPerson({ scripts: true })
    await logIn(person, app)
    await person.visit(other.url.replace("127.0.0.1", host))
    await win(person)
    expect(await person.read("Not allowed")).toContain("Another site sent this request.")
    expect(person.errorStatuses()).toEqual([403])
    expect(person.blockedCookies().filter((each) => each.includes("app-"))).toEqual(blocked)
    await person.visit(`${app.url}/account`)
    await person.read("Your account")
  })

  it("is logged out with a changed cookie", async () => {
    await using app = await startApp(framework, oidc)
    await using person = await openPerson({ scripts: true })
    await logIn(person, app)
    const cookie = await sessionCookie(person)
    if (cookie === undefined) throw new Error("expected a cookie of the session, found none")
    const changed = cookie.value.replace(
      /^(.{150})(.)/,
      (_, start: string, next: string) => start + (next === "A" ? "B" : "A"),
    )
    await person.context.addCookies([{ ...cookie, value: changed }])
    await person.visit(`${app.url}/account`)
    expect(await person.arriveAt(app.home)).toBe(`${app.home}?returnTo=/account`)
    await person.read("Welcome")
  })

  it("is not sent to another site by a link to the login", async () => {
    await using app = await startApp(framework, oidc)
    await using person = await openPerson({ scripts: true })
    await person.visit(`${app.url}/login?returnTo=//evil.example`)
    expect(await person.read("Wrong address")).toContain("only at an address of this site")
    expect(person.errorStatuses()).toEqual([400])
    // A path with two slashes is a path of this site.
    await person.visit(`${app.url}/login?returnTo=/..//evil.example`)
    await app.vendor.allow(person)
    expect(await person.arriveAt(`${app.url}//evil.example`)).toBe(`${app.url}//evil.example`)
    expect(person.errorStatuses()).toEqual([404])
  })

  it("reads that a login has expired without its cookie, and logs in again", async () => {
    await using app = await startApp(framework, oidc)
    await using person = await openPerson({ scripts: true })
    await person.visit(`${app.url}/login?returnTo=/account`)
    await person.read("Authorize an application")
    await person.context.clearCookies({ name: "app-login" })
    await app.vendor.allow(person)
    await person.arriveAt(`${app.url}/callback`)
    expect(await person.read("Login expired")).toContain("Log in again.")
    expect(person.errorStatuses()).toEqual([400])
    await logIn(person, app)
  })

  it("reads that the login is unavailable while the vendor is down, and stays logged in", async () => {
    await using app = await startApp(framework, kinde)
    await using person = await openPerson({ scripts: true })
    await logIn(person, app)
    app.vendor.faults?.add({ times: Number.POSITIVE_INFINITY, fault: { kind: "reset" } })
    await person.visit(`${app.url}/account`)
    expect(await person.read("Login unavailable")).toContain("You stay logged in.")
    expect(person.errorStatuses()).toEqual([503])
    app.vendor.faults?.clear()
    await person.visit(`${app.url}/account`)
    await person.read("Your account")
  })
})
