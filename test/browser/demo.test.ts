/** A visitor at the page of `npm run demo -- --serve`, on a wide and on a narrow screen. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Site, startSite } from "../../demo/site/start-site.ts"
import { hasBrowser, openPerson, type Person } from "./person.ts"

let site: Site
beforeEach(async () => {
  site = await startSite()
})
afterEach(() => site.close())

const titleOf = (vendor: string) => `latchkey demo: ${vendor}`

/** The newest line of the log: what was done, and the result. */
const newest = async (person: Person): Promise<string> =>
  (await person.page.locator(".log li").first().innerText()).replaceAll("\n", " ").trim()

/** Presses a button, waits until the page has a new line, and returns it. */
const press = async (person: Person, vendor: string, button: string): Promise<string> => {
  const loaded = person.page.waitForResponse((response) => response.request().isNavigationRequest() && response.ok())
  await person.press(titleOf(vendor), button)
  await loaded
  await person.read(titleOf(vendor))
  return newest(person)
}

/** Whether the page is wider than the screen. */
const isTooWide = (person: Person): Promise<boolean> =>
  person.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

/** The pages of each vendor's login. */
const logIns: Readonly<Record<string, (person: Person) => Promise<void>>> = {
  kinde: (person) => person.press("Sign in", "Sign in"),
  ory: async (person) => {
    await person.press("Sign in", "Sign in")
    await person.press("Agree", "Allow")
  },
  polar: (person) => person.press("Authorize an application", "Allow"),
  oidc: (person) => person.press("Authorize an application", "Allow"),
  "keycloak-like": (person) => person.press("Authorize an application", "Allow"),
  auth0: (person) => person.press("Authorize an application", "Allow"),
}

const logIn = async (person: Person, vendor: string): Promise<void> => {
  await person.follow(titleOf(vendor), "Log in")
  await logIns[vendor]?.(person)
  await person.arriveAt(`${site.url}/${vendor}`)
  expect(await person.read(titleOf(vendor))).toContain("alice is logged in.")
}

const screens = [
  [
    "1280 pixels, light",
    ["kinde", "ory", "polar", "oidc", "keycloak-like"],
    { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  ],
  ["390 pixels, dark", ["ory"], { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
] as const

describe.skipIf(!hasBrowser).each(screens)("a visitor of the demo (%s)", (_, vendors, screen) => {
  it.each(vendors)("of %s logs in, sees an outage as 503 and a revoked token as 401, and logs out", async (vendor) => {
    await using person = await openPerson({ scripts: true, ...screen })
    await person.visit(`${site.url}/${vendor}`)
    expect(await press(person, vendor, "Call the API")).toBe(
      "Call the API without a token 401 www-authenticate: Bearer",
    )
    await logIn(person, vendor)
    expect(await press(person, vendor, "Call the API")).toMatch(/^Call the API 200 \{"ordersOf":"alice"\}$/)
    await press(person, vendor, "Take it down")
    expect(await press(person, vendor, "Call the API")).toMatch(
      /^Call the API 503 retry-after: [1-9]\d* The token may be good/,
    )
    expect(await isTooWide(person)).toBe(false)
    await press(person, vendor, "Bring it back")
    // The circuit breaker waits before it asks the vendor again.
    await expect.poll(() => press(person, vendor, "Call the API"), { timeout: 10_000 }).toContain("200")
    await press(person, vendor, "Revoke the token")
    expect(await press(person, vendor, "Call the API")).toContain('401 www-authenticate: Bearer error="invalid_token"')
    expect(await isTooWide(person)).toBe(false)
    await person.press(titleOf(vendor), "Log out")
    if (["oidc", "keycloak-like"].includes(vendor)) await person.press("Sign out", "Sign out")
    expect(await person.read(titleOf(vendor))).toContain("Nobody is logged in.")
  })

  it("sees that a signature is checked without the vendor", async () => {
    await using person = await openPerson({ scripts: true, ...screen })
    await person.visit(`${site.url}/auth0`)
    await logIn(person, "auth0")
    expect(await press(person, "auth0", "Call the API")).toContain("200")
    await press(person, "auth0", "Take it down")
    expect(await press(person, "auth0", "Call the API")).toMatch(/ 200 .* the signature answers\.$/)
    await press(person, "auth0", "Bring it back")
    expect(await press(person, "auth0", "Revoke the token")).toContain("UnsupportedOperation")
  })

  it("is logged in at two vendors at once, and denies a login", async () => {
    await using person = await openPerson({ scripts: true, ...screen })
    await person.visit(site.url)
    await logIn(person, "kinde")
    await person.follow(titleOf("kinde"), "polar")
    expect(await person.read(titleOf("polar"))).toContain("Nobody is logged in.")
    await person.follow(titleOf("polar"), "Log in")
    await person.press("Authorize an application", "Deny")
    await person.read(titleOf("polar"))
    expect(await newest(person)).toBe("Log in AccessDenied")
    await person.follow(titleOf("polar"), "kinde")
    expect(await person.read(titleOf("kinde"))).toContain("alice is logged in.")
  })

  it("reads light or dark text as the system wants it, and no request goes elsewhere", async () => {
    await using person = await openPerson({ scripts: true, ...screen })
    const hosts = new Set<string>()
    person.page.on("request", (request) => hosts.add(new URL(request.url()).host))
    await person.visit(`${site.url}/kinde`)
    const background = await person.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(background).toBe(screen.colorScheme === "dark" ? "rgb(20, 22, 26)" : "rgb(244, 245, 247)")
    await person.page.locator("summary").click()
    expect(await person.page.locator("pre").innerText()).not.toContain("demo secret")
    expect(await isTooWide(person)).toBe(false)
    expect([...hosts].filter((host) => host !== "")).toEqual([new URL(site.url).host])
  })
})
