import { describe, expect, it } from "vitest"
import { eventually, scripted } from "../bad-days/scripted-server.ts"
import { asJson, drip, endless, hang, head, http, raw, respond } from "../bad-days/scripts.ts"
import { open, timed, transports } from "./transports.ts"

const late = { _tag: "Unavailable", detail: "no complete response within 150 millis, the `attemptTimeout`" }
const timeout = 150
/** A timer fires early by its rounding at most. How late it fires depends on the machine. */
const expectAtDeadline = (ms: number) => {
  expect(ms).toBeGreaterThanOrEqual(timeout - 3)
  expect(ms).toBeLessThan(timeout + 1000)
}

describe.concurrent.each(transports)("the $name transport", ({ name, make }) => {
  it("ends a request without a response at its deadline, and closes the socket", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    const { value, ms } = await timed(() => transport.send(server.url, { timeout }))
    expect(value).toEqual(late)
    expectAtDeadline(ms)
    await server.released()
  })

  it("ends a response whose headers arrive one byte at a time", async () => {
    await using server = await scripted(drip("HTTP/1.1 200 OK\r\nx-long: ", endless("x"), 20))
    await using transport = open(make, server.url)
    const { value, ms } = await timed(() => transport.send(server.url, { timeout }))
    expect(value).toEqual(late)
    expectAtDeadline(ms)
    await server.released()
  })

  it("ends a body that sends a byte every 50 ms, at the deadline of the whole exchange", async () => {
    await using server = await scripted(drip(head(200, { ...asJson, "content-length": "1000" }), endless(" "), 50))
    await using transport = open(make, server.url)
    const { value, ms } = await timed(() => transport.send(server.url, { timeout }))
    expect(value).toEqual(late)
    expectAtDeadline(ms)
    await server.released()
  })

  it("ends a chunked body that sends small chunks without end", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless("1\r\n \r\n"), 50))
    await using transport = open(make, server.url)
    const { value, ms } = await timed(() => transport.send(server.url, { timeout }))
    expect(value).toEqual(late)
    expectAtDeadline(ms)
  })

  it("ends a body that stops in the middle", async () => {
    await using server = await scripted(raw(`${head(200, { ...asJson, "content-length": "10" })}12345`))
    await using transport = open(make, server.url)
    const { value, ms } = await timed(() => transport.send(server.url, { timeout }))
    expect(value).toEqual(late)
    expectAtDeadline(ms)
    await server.released()
  })

  it("returns a slow response that is complete in time", async () => {
    await using server = await scripted(drip(head(200, { ...asJson, "content-length": "5" }), "12345", 20))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, { timeout: 1000 })).toMatchObject({ status: 200, body: "12345" })
  })

  it("sends the next request after one that timed out", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    await transport.send(server.url, { timeout: 50 })
    server.play(respond(200, "better"))
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: "better" })
  })

  // fetch does not limit its sockets, so no request waits for one.
  it.runIf(name === "undici")(
    "counts the wait for a socket, and never writes a request that timed out while it waited",
    async () => {
      await using server = await scripted(hang)
      await using transport = open(make, server.url)
      const first = Array.from({ length: 128 }, () => transport.send(server.url, { timeout: 700 }))
      await eventually(() => server.requests.length === 128)
      const { value, ms } = await timed(() => transport.send(`${server.url}/waiting`, { timeout }))
      expect(value).toEqual(late)
      expectAtDeadline(ms)
      for (const { socket } of server.requests) socket.write(http(200, "late but there"))
      expect(await Promise.all(first)).toHaveLength(128)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(server.requests.filter(({ path }) => path === "/waiting")).toEqual([])
    },
  )
})
