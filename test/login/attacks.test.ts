/** What a stranger can do with the login example: nothing. */
import * as fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { makeLogins } from "../../examples/login/logins.ts"
import { accountPage, errorPage, homePage } from "../../examples/login/pages.ts"
import { Refused, refuseForged, returnUrl } from "../../examples/login/refused.ts"
import { beginLogin } from "../../examples/login/sessions.ts"
import { kinde } from "../browser/login/emulated-vendors.ts"
import { frameworkNames, startApp } from "../browser/login/running-app.ts"
import { makeVisitor } from "./visitor.ts"

const origin = "https://app.example"
const password = "a password of the tests, of more than 32 characters"

describe("returnUrl", () => {
  it("returns a URL of the application, or refuses, whatever a stranger writes", () => {
    const part = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "@",
      ":",
      "\t",
      "\n",
      "evil.example",
      "https:",
      "javascript:",
      "%2f",
    )
    const path = fc.oneof(
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
      fc.string(),
      fc.webUrl(),
    )
    return fc.assert(
      fc.property(path, (text) => {
        try {
          const url = returnUrl(origin, text)
          // A browser resolves `Location` against the address of the page.
          expect(new URL(url, `${origin}/login`).origin).toBe(origin)
          expect(url.startsWith(`${origin}/`)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(Refused)
        }
      }),
      {
        numRuns: 500,
        examples: [["//evil.example"], ["/\\evil.example"], ["/..//evil.example"], ["\t//evil.example"]],
      },
    )
  })

  it("refuses a URL that makes the cookie too long for a browser", () => {
    expect(() => returnUrl(origin, `/${"a".repeat(1000)}`)).toThrow(Refused)
  })
})

describe("refuseForged", () => {
  const send = (method: string, headers: Readonly<Record<string, string>>) => () =>
    refuseForged(origin, method, (name) => headers[name])

  it.each(["cross-site", "same-site", "none", ""])("refuses a POST with Sec-Fetch-Site: %s", (site) => {
    expect(send("POST", { "sec-fetch-site": site, origin })).toThrow(Refused)
  })

  it.each(["https://evil.example", "http://app.example", "null", undefined])(
    "refuses a POST of an old browser with Origin: %s",
    (other) => {
      expect(send("POST", other === undefined ? {} : { origin: other })).toThrow(Refused)
    },
  )

  it.each(["PUT", "DELETE", "PATCH", "OTHER"])("refuses a forged %s", (method) => {
    expect(send(method, { "sec-fetch-site": "cross-site" })).toThrow(Refused)
  })

  it("lets the application's own POST and every GET pass", () => {
    expect(send("POST", { "sec-fetch-site": "same-origin" })).not.toThrow()
    expect(send("POST", { origin })).not.toThrow()
    expect(send("GET", { "sec-fetch-site": "cross-site" })).not.toThrow()
  })
})

describe.each(frameworkNames)("a stranger at the example in %s", (framework) => {
  it.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"])(
    "gets no login that continues at %s",
    async (returnTo) => {
      await using app = await startApp(framework, kinde)
      const visitor = makeVisitor(app)
      const page = await visitor.get(`/login?${new URLSearchParams({ returnTo })}`)
      expect(page).toMatchObject({ status: 400, title: "Wrong address", location: "" })
      expect(visitor.cookies.size).toBe(0)
    },
  )

  it("logs no user out with a forged POST", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    const forged = await visitor.post("/logout", { "sec-fetch-site": "same-site" })
    expect(forged).toMatchObject({ status: 403, title: "Not allowed" })
    expect(await visitor.get("/account")).toMatchObject({ status: 200 })
  })

  it("gets nothing with a changed cookie, or with the cookie of a login as that of a session", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.begin()
    const login = visitor.cookies.get("app-login") ?? ""
    await visitor.logIn()
    const seal = visitor.cookies.get("app-session") ?? ""
    const changed = `${seal.slice(0, 150)}${seal[150] === "A" ? "B" : "A"}${seal.slice(151)}`
    for (const value of [changed, login, "", "x", [...app.sessions.keys()].join()]) {
      visitor.cookies.set("app-session", value)
      expect(await visitor.get("/account")).toMatchObject({ status: 303, location: "/?returnTo=/account" })
    }
    visitor.cookies.set("app-session", seal)
    expect(await visitor.get("/account")).toMatchObject({ status: 200 })
  })

  it("uses no memory with logins that never end", async () => {
    await using app = await startApp(framework, kinde)
    for (let count = 0; count < 20; count++) await makeVisitor(app).begin()
    expect(app.sessions.size).toBe(0)
  })

  it("gets pages that no cache keeps and no other page frames", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    for (const path of ["/", "/login", "/callback", "/account"]) {
      const { headers } = await visitor.get(path)
      expect([path, headers.get("cache-control")]).toEqual([path, "no-store"])
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
    }
  })
})

describe("outside loopback", () => {
  it("an address without TLS is refused", async () => {
    await using app = await startApp("Hono", kinde)
    const make = (redirectUri: string) => () => makeLogins(app.auth, { redirectUri, password })
    expect(make("http://app.example/callback")).toThrow(
      "redirectUri: expected https outside loopback, found http://app.example",
    )
    for (const host of ["127.0.0.1", "[::1]", "localhost"]) expect(make(`http://${host}:3000/callback`)).not.toThrow()
  })

  it("the cookies are Secure, and no other host can set them", async () => {
    await using app = await startApp("Hono", kinde)
    const logins = makeLogins(app.auth, { redirectUri: `${origin}/callback`, password })
    const written: Array<unknown> = []
    const jar = { read: () => undefined, write: (...args: ReadonlyArray<unknown>) => void written.push(args) }
    await beginLogin(logins, jar)
    await Object.assign(await logins.openSession(jar), { id: "id" }).save()
    const options = expect.objectContaining({ httpOnly: true, secure: true, sameSite: "lax", path: "/" })
    expect(written).toEqual([
      ["__Host-app-login", expect.any(String), options],
      ["__Host-app-session", expect.any(String), options],
    ])
    expect(written.flat()).not.toContainEqual(expect.objectContaining({ domain: expect.anything() }))
  })
})

describe("the pages", () => {
  it("escape what a user or a stranger names", () => {
    const name = `<img src=x onerror="alert('1')">`
    for (const html of [accountPage({ subject: name, claims: {} }), homePage(`"${name}`)]) {
      expect(html).not.toContain("<img")
      expect(html).not.toContain('"alert')
    }
  })

  it("tell the operator of an unknown error, and the user nothing of it", () => {
    const log = vi.spyOn(console, "error").mockReturnValue()
    const error = new Error("the secret of the error")
    const { status, html } = errorPage(error)
    expect(status).toBe(500)
    expect(html).not.toContain("secret")
    expect(log).toHaveBeenCalledWith(error)
    log.mockRestore()
  })
})
