import { describe, expect, it } from "vitest"
import { eventually, scripted } from "../bad-days/scripted-server.ts"
import { answer, asJson, drip, endless, hang, head, http, raw } from "../bad-days/scripts.ts"
import { doors, open, timed } from "./doors.ts"

const late = { _tag: "Unavailable", detail: "no complete answer within 150 ms" }
const timeout = 150
/** A timer never rings early by more than its rounding; how late it rings is the machine's business. */
const bounds = (ms: number) => {
  expect(ms).toBeGreaterThanOrEqual(timeout - 3)
  expect(ms).toBeLessThan(timeout + 1000)
}

describe.concurrent.each(doors)("the $door door keeps one deadline for the whole exchange", ({ door, make }) => {
  it("ends a request whose answer never begins, and closes the socket", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    const { value, ms } = await timed(() => opened.ask(server.url, { timeout }))
    expect(value).toEqual(late)
    bounds(ms)
    await server.released()
  })

  it("ends an answer whose headers come a byte at a time", async () => {
    await using server = await scripted(drip("HTTP/1.1 200 OK\r\nx-long: ", endless("x"), 20))
    await using opened = open(make, server.url)
    const { value, ms } = await timed(() => opened.ask(server.url, { timeout }))
    expect(value).toEqual(late)
    bounds(ms)
    await server.released()
  })

  it("ends a body that drips a byte every 50 ms, at the total deadline", async () => {
    await using server = await scripted(drip(head(200, { ...asJson, "content-length": "1000" }), endless(" "), 50))
    await using opened = open(make, server.url)
    const { value, ms } = await timed(() => opened.ask(server.url, { timeout }))
    expect(value).toEqual(late)
    bounds(ms)
    await server.released()
  })

  it("ends a chunked body that drips without end", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless("1\r\n \r\n"), 50))
    await using opened = open(make, server.url)
    const { value, ms } = await timed(() => opened.ask(server.url, { timeout }))
    expect(value).toEqual(late)
    bounds(ms)
  })

  it("ends a body that stops in the middle", async () => {
    await using server = await scripted(raw(`${head(200, { ...asJson, "content-length": "10" })}12345`))
    await using opened = open(make, server.url)
    const { value, ms } = await timed(() => opened.ask(server.url, { timeout }))
    expect(value).toEqual(late)
    bounds(ms)
    await server.released()
  })

  it("does not cut a slow answer that is complete in time", async () => {
    await using server = await scripted(drip(head(200, { ...asJson, "content-length": "5" }), "12345", 20))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, { timeout: 1000 })).toMatchObject({ status: 200, body: "12345" })
  })

  it("is ready for the next request after one that was late", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    await opened.ask(server.url, { timeout: 50 })
    server.play(answer(200, "better"))
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: "better" })
  })

  // The platform's fetch has no bound on its sockets, so with it nothing waits.
  it.runIf(door === "undici")(
    "counts the wait for a socket, and never writes a request that waited too long",
    async () => {
      await using server = await scripted(hang)
      await using opened = open(make, server.url)
      const first = Array.from({ length: 128 }, () => opened.ask(server.url, { timeout: 700 }))
      await eventually(() => server.asked.length === 128)
      const { value, ms } = await timed(() => opened.ask(`${server.url}/waiting`, { timeout }))
      expect(value).toEqual(late)
      bounds(ms)
      for (const { socket } of server.asked) socket.write(http(200, "late but there"))
      expect(await Promise.all(first)).toHaveLength(128)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(server.asked.filter(({ path }) => path === "/waiting")).toEqual([])
    },
  )
})
