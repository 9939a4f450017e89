import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { answer } from "../bad-days/scripts.ts"
import { doors, open } from "./doors.ts"

const refused = { _tag: "InvalidConfig", issues: [{ path: "insecure" }] }

describe.concurrent.each(doors)("the $door door talks only to whom it may", ({ make }) => {
  it.each([301, 302, 303, 307, 308])("hands a redirect %i back and never follows it", async (status) => {
    await using target = await scripted(answer(200, "followed"))
    await using server = await scripted(answer(status, "", { location: `${target.url}/elsewhere` }))
    await using opened = open(make, server.url, target.url)
    const found = await opened.ask(server.url, { method: "POST", body: "secret=1" })
    expect(found).toMatchObject({ body: "" })
    expect("status" in found && found.status).toBeGreaterThanOrEqual(300)
    expect("status" in found && found.status).toBeLessThan(400)
    expect(target.connections().opened).toBe(0)
  })

  it("does not follow a redirect to the same origin either", async () => {
    await using server = await scripted(answer(307, "", { location: "/again" }))
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    expect(server.asked.map(({ path }) => path)).toEqual(["/"])
  })

  it("refuses an http origin that is not listed, before any socket opens", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make)
    const found = await opened.ask(`${server.url}/path`)
    expect(found).toMatchObject(refused)
    expect(JSON.stringify(found)).toContain(server.url)
    expect(server.connections().opened).toBe(0)
  })

  it("talks to a listed http origin, again and again", async () => {
    await using server = await scripted(answer(200, "yes"))
    await using opened = open(make, server.url)
    expect(await opened.ask(`${server.url}/a`)).toMatchObject({ body: "yes" })
    expect(await opened.ask(`${server.url}/b`)).toMatchObject({ body: "yes" })
  })

  it("refuses another port of a listed host", async () => {
    await using server = await scripted(answer(200))
    await using other = await scripted(answer(200))
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    expect(await opened.ask(other.url)).toMatchObject(refused)
    expect(other.connections().opened).toBe(0)
  })

  it("refuses another name of a listed address", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    expect(await opened.ask(`http://localhost:${server.port}/`)).toMatchObject(refused)
    expect(server.connections().opened).toBe(0)
  })

  it("is not fooled by a listed origin in the user part of a URL", async () => {
    await using server = await scripted(answer(200))
    await using other = await scripted(answer(200))
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    expect(await opened.ask(`${server.url}@127.0.0.1:${other.port}/`)).toMatchObject(refused)
    expect(other.connections().opened).toBe(0)
  })

  it.each(["", "nonsense", "ftp://127.0.0.1/", "file:///etc/hostname", "data:application/json,{}", "/path"])(
    "refuses %j, which is no https URL",
    async (url) => {
      await using opened = open(make)
      expect(await opened.ask(url)).toMatchObject(refused)
    },
  )

  it("does not fall back to http where https was asked", async () => {
    await using server = await scripted(answer(200, "in the clear"))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url.replace("http:", "https:"), { timeout: 200 })).toMatchObject({
      _tag: "Unavailable",
    })
    expect(server.asked).toEqual([])
  })

  it("reaches a URL that has a query but no path", async () => {
    await using server = await scripted(answer(200, "yes"))
    await using opened = open(make, server.url)
    expect(await opened.ask(`${server.url}?a=b`)).toMatchObject({ body: "yes" })
    expect((await server.request(1)).path).toBe("/?a=b")
  })

  it("does not put the fragment of a URL on the wire", async () => {
    await using server = await scripted(answer(200, "yes"))
    await using opened = open(make, server.url)
    await opened.ask(`${server.url}/path#fragment`)
    expect((await server.request(1)).path).toBe("/path")
  })

  it.each([
    ["a header that no HTTP can carry", { headers: { "x-mine": "a\r\nx-injected: yes" } }],
    ["a header outside Latin-1", { headers: { "x-mine": "日本" } }],
  ])("fails with a reason on %s, and sends nothing", async (_, more) => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, more)).toHaveProperty("_tag")
    expect(server.asked).toEqual([])
  })
})
