import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { respond } from "../bad-days/scripts.ts"
import { open, transports } from "./transports.ts"

const rejected = { _tag: "InvalidConfig", issues: [{ path: "insecureOrigins" }] }

describe.concurrent.each(transports)("the $name transport", ({ make }) => {
  it.each([301, 302, 303, 307, 308])("returns a %i redirect and never follows it", async (status) => {
    await using target = await scripted(respond(200, "followed"))
    await using server = await scripted(respond(status, "", { location: `${target.url}/elsewhere` }))
    await using transport = open(make, server.url, target.url)
    const outcome = await transport.send(server.url, { method: "POST", body: "secret=1" })
    expect(outcome).toMatchObject({ body: "" })
    expect("status" in outcome && outcome.status).toBeGreaterThanOrEqual(300)
    expect("status" in outcome && outcome.status).toBeLessThan(400)
    expect(target.connections().opened).toBe(0)
  })

  it("does not follow a redirect to the same origin", async () => {
    await using server = await scripted(respond(307, "", { location: "/again" }))
    await using transport = open(make, server.url)
    await transport.send(server.url)
    expect(server.requests.map(({ path }) => path)).toEqual(["/"])
  })

  it("rejects an http origin that is not listed, before any socket opens", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make)
    const outcome = await transport.send(`${server.url}/path`)
    expect(outcome).toMatchObject(rejected)
    expect(JSON.stringify(outcome)).toContain(server.url)
    expect(server.connections().opened).toBe(0)
  })

  it("sends several requests to a listed http origin", async () => {
    await using server = await scripted(respond(200, "yes"))
    await using transport = open(make, server.url)
    expect(await transport.send(`${server.url}/a`)).toMatchObject({ body: "yes" })
    expect(await transport.send(`${server.url}/b`)).toMatchObject({ body: "yes" })
  })

  it("rejects another port of a listed host", async () => {
    await using server = await scripted(respond(200))
    await using other = await scripted(respond(200))
    await using transport = open(make, server.url)
    await transport.send(server.url)
    expect(await transport.send(other.url)).toMatchObject(rejected)
    expect(other.connections().opened).toBe(0)
  })

  it("rejects another name of a listed address", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    expect(await transport.send(`http://localhost:${server.port}/`)).toMatchObject(rejected)
    expect(server.connections().opened).toBe(0)
  })

  it("rejects a listed origin in the user part of a URL", async () => {
    await using server = await scripted(respond(200))
    await using other = await scripted(respond(200))
    await using transport = open(make, server.url)
    await transport.send(server.url)
    expect(await transport.send(`${server.url}@127.0.0.1:${other.port}/`)).toMatchObject(rejected)
    expect(other.connections().opened).toBe(0)
  })

  it.each(["", "nonsense", "ftp://127.0.0.1/", "file:///etc/hostname", "data:application/json,{}", "/path"])(
    "rejects %j, which is not an https URL",
    async (url) => {
      await using transport = open(make)
      expect(await transport.send(url)).toMatchObject(rejected)
    },
  )

  it("does not fall back to http for an https URL", async () => {
    await using server = await scripted(respond(200, "in the clear"))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url.replace("http:", "https:"), { timeout: 200 })).toMatchObject({
      _tag: "Unavailable",
    })
    expect(server.requests).toEqual([])
  })

  it("sends a request to a URL that has a query but no path", async () => {
    await using server = await scripted(respond(200, "yes"))
    await using transport = open(make, server.url)
    expect(await transport.send(`${server.url}?a=b`)).toMatchObject({ body: "yes" })
    expect((await server.request(1)).path).toBe("/?a=b")
  })

  it("does not send the fragment of a URL", async () => {
    await using server = await scripted(respond(200, "yes"))
    await using transport = open(make, server.url)
    await transport.send(`${server.url}/path#fragment`)
    expect((await server.request(1)).path).toBe("/path")
  })

  it.each([
    ["a header with a line break", { headers: { "x-mine": "a\r\nx-injected: yes" } }],
    ["a header outside Latin-1", { headers: { "x-mine": "日本" } }],
  ])("fails with a reason on %s, and sends nothing", async (_, more) => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, more)).toHaveProperty("_tag")
    expect(server.requests).toEqual([])
  })
})
