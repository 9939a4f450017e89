/** The login example without a browser: the login itself. */
import { afterEach, describe, expect, it, vi } from "vitest"
import { kinde } from "../browser/login/emulated-vendors.ts"
import { frameworkNames, startApp } from "../browser/login/running-app.ts"
import { makeVisitor } from "./visitor.ts"

const expired = { status: 400, title: "Login expired" }
const welcome = { status: 303, location: "/?returnTo=/account" }
const day = 86_400_000

/** Moves the clock of the process, without its timers. */
const later = (millis: number) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + millis })
}

afterEach(() => {
  vi.useRealTimers()
})

describe.each(frameworkNames)("a login at the example in %s", (framework) => {
  it("ends at the address where it began", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    expect(await visitor.get(await visitor.callback("/account?from=mail#top"))).toMatchObject({
      status: 303,
      location: `${app.url}/account?from=mail#top`,
    })
    expect(await visitor.get("/account")).toMatchObject({ status: 200, title: "Your account" })
  })

  it("is completed only by the browser that began it", async () => {
    await using app = await startApp(framework, kinde)
    const callback = await makeVisitor(app).callback()
    expect(await makeVisitor(app).get(callback)).toMatchObject(expired)
    const other = makeVisitor(app)
    await other.callback()
    expect(await other.get(callback)).toMatchObject(expired)
    expect(app.sessions.size).toBe(0)
  })

  it("is completed once, also if its cookie is kept", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    const callback = await visitor.callback()
    const cookies = [...visitor.cookies]
    expect(await visitor.get(callback)).toMatchObject({ status: 303 })
    expect([...visitor.cookies.keys()]).toEqual(["app-session"])
    expect(await visitor.get(callback)).toMatchObject(expired)
    for (const [name, value] of cookies) visitor.cookies.set(name, value)
    expect(await visitor.get(callback)).toMatchObject(expired)
  })

  it.each([
    ["nine", 9, { status: 303 }],
    ["eleven", 11, expired],
  ])("that takes %s minutes is completed or has expired", async (_, minutes, answer) => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    const page = await visitor.begin()
    later(minutes * 60_000)
    expect(await visitor.get(await visitor.allow(page))).toMatchObject(answer)
  })

  it("that the user denies ends with a message", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    const state = new URL(await visitor.begin()).searchParams.get("state")
    const denied = await visitor.get(`/callback?error=access_denied&state=${state}`)
    expect(denied).toMatchObject({ status: 403, title: "Login denied" })
    expect(app.sessions.size).toBe(0)
  })

  it("makes a new session and ends the browser's earlier one", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    const [first] = app.sessions.keys()
    const cookie = visitor.cookies.get("app-session") ?? ""
    await visitor.logIn()
    expect(app.sessions.size).toBe(1)
    expect([...app.sessions.keys()]).not.toContain(first)
    visitor.cookies.set("app-session", cookie)
    expect(await visitor.get("/account")).toMatchObject(welcome)
  })

  it("ends with the cookie of the session, after eight hours", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    expect(await visitor.get("/account")).toMatchObject({ status: 200 })
    later(day / 3 + 120_000)
    expect(await visitor.get("/account")).toMatchObject(welcome)
  })

  it("ends when the vendor rejects the access token", async () => {
    await using app = await startApp(framework, kinde)
    const visitor = makeVisitor(app)
    await visitor.logIn()
    for (const session of app.sessions.values()) session.tokens = { ...session.tokens, accessToken: "unknown" }
    expect(await visitor.get("/account")).toMatchObject(welcome)
    expect(app.sessions.size).toBe(0)
  })
})
