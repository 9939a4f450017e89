/** The login example while the vendor is down, and while a refresh is in progress. */
import { describe, expect, it, vi } from "vitest"
import { kinde, oidc } from "../browser/login/emulated-vendors.ts"
import { frameworkNames, type RunningApp, startApp } from "../browser/login/running-app.ts"
import { makeVisitor } from "./visitor.ts"

const unavailable = { status: 503, title: "Login unavailable" }

/** Takes the vendor down: every connection is closed. */
const stopVendor = ({ vendor }: RunningApp) =>
  vendor.faults?.add({ times: Number.POSITIVE_INFINITY, fault: { kind: "reset" } })

const expireTokens = ({ sessions }: RunningApp): void => {
  for (const session of sessions.values()) session.tokens = { ...session.tokens, expiresAt: new Date(0) }
}

describe.each(frameworkNames)("the example in %s, while the vendor is down,", (framework) => {
  it.each([
    ["a good token", () => undefined],
    ["an expired token", expireTokens],
  ])("answers 503 to a user with %s, who stays logged in", async (_, prepare) => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    prepare(app)
    stopVendor(app)
    const down = await visitor.get("/account")
    expect(down).toMatchObject(unavailable)
    expect(down.headers.get("retry-after")).toMatch(/^[1-9]\d*$/)
    app.vendor.faults?.clear()
    expect(await visitor.get("/account")).toMatchObject({ status: 200, title: "Your account" })
  })

  it("answers 503 to a login that needs the metadata of the vendor", async () => {
    await using app = await startApp(framework, oidc)
    const visitor = makeVisitor(app)
    stopVendor(app)
    expect(await visitor.get("/login")).toMatchObject(unavailable)
    app.vendor.faults?.clear()
    expect((await visitor.get("/login")).location).toContain(app.vendor.env.LATCHKEY_ISSUER)
  })

  it("answers 503 to a callback", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    const callback = await visitor.callback()
    stopVendor(app)
    expect(await visitor.get(callback)).toMatchObject(unavailable)
  })

  it("logs the user out here", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    stopVendor(app)
    expect(await visitor.post("/logout")).toMatchObject({ status: 303, location: app.home })
    expect(visitor.cookies.size + app.sessions.size).toBe(0)
  })
})

describe.each(frameworkNames)("the example in %s", (framework) => {
  it("ends the session if the vendor rejects the refresh token", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    for (const { tokens } of app.sessions.values()) await app.auth.revoke(tokens.refreshToken ?? "")
    expireTokens(app)
    expect(await visitor.get("/account")).toMatchObject({ status: 303, location: "/?returnTo=/account" })
    expect(app.sessions.size).toBe(0)
  })

  it("revokes the tokens of a session that ends", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    const [session] = app.sessions.values()
    expect(await visitor.post("/logout")).toMatchObject({
      status: 303,
      location: expect.stringContaining(`/logout?redirect=${encodeURIComponent(app.home)}`),
    })
    await expect(app.auth.refresh(session?.tokens.refreshToken ?? "")).rejects.toMatchObject({
      reason: { _tag: "InvalidGrant" },
    })
  })

  it("revokes the new tokens if the session ends during a refresh", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    const [session] = app.sessions.values()
    const old = session?.tokens.refreshToken
    expireTokens(app)
    app.holdRefreshes(2)
    const reading = visitor.get("/account")
    await vi.waitFor(() => expect(app.refreshes()).toBe(1))
    await Promise.all([reading, visitor.post("/logout")])
    expect(session?.tokens.refreshToken).not.toBe(old)
    await expect(app.auth.refresh(session?.tokens.refreshToken ?? "")).rejects.toMatchObject({
      reason: { _tag: "InvalidGrant" },
    })
    expect(app.sessions.size).toBe(0)
  })

  it("sends one refresh for requests at once, and keeps sessions apart", async () => {
    await using app = await startApp(framework, kinde)
    const [first, second] = [makeVisitor(app), makeVisitor(app)]
    await first.logIn()
    await second.logIn()
    expireTokens(app)
    app.holdRefreshes(4)
    const visitors = [first, first, first, second]
    const pages = await Promise.all(visitors.map((visitor) => visitor.get("/account")))
    expect(pages.map(({ title }) => title)).toEqual(visitors.map(() => "Your account"))
    expect(app.refreshes()).toBe(2)
    const tokens = [...app.sessions.values()].map((session) => session.tokens.accessToken)
    expect(new Set(tokens).size).toBe(2)
    await first.get("/account")
    expect(app.refreshes()).toBe(2)
  })
})
