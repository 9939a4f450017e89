import { describe, expect, it } from "vitest"
import { eventually, scripted, soon } from "../bad-days/scripted-server.ts"
import { asJson, drip, endless, hang, head, http, respond } from "../bad-days/scripts.ts"
import { interrupt, open, timed, transports } from "./transports.ts"

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.concurrent.each(transports)("the $name transport", ({ name, make }) => {
  it("closes the socket of a request interrupted before the headers", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    const fiber = transport.start(server.url)
    const { closed } = await server.request(1)
    const { ms } = await timed(() => interrupt(fiber))
    expect(ms).toBeLessThan(500)
    await soon(closed)
  })

  it("closes the socket of a request interrupted during the body", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless("1\r\nx\r\n"), 5))
    await using transport = open(make, server.url)
    const fiber = transport.start(server.url)
    const { closed } = await server.request(1)
    await pause(40)
    await interrupt(fiber)
    await soon(closed)
  })

  it("sends nothing when interrupted at once", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    await interrupt(transport.start(server.url))
    await pause(30)
    expect(server.requests).toEqual([])
  })

  // fetch does not limit its sockets, so no request waits for one.
  it.runIf(name === "undici")("never writes a request that was interrupted while it waited for a socket", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    const first = Array.from({ length: 128 }, () => transport.send(server.url))
    await eventually(() => server.requests.length === 128)
    const waiting = transport.start(`${server.url}/abandoned`)
    const after = transport.send(`${server.url}/after`)
    await pause(20)
    await interrupt(waiting)
    server.play(respond(200, "free"))
    for (const { socket } of server.requests.slice(0, 128)) socket.write(http(200))
    expect(await Promise.all(first)).toHaveLength(128)
    expect(await after).toMatchObject({ body: "free" })
    expect(server.requests.map(({ path }) => path)).not.toContain("/abandoned")
  })

  it("does not affect other requests when it interrupts some", async () => {
    await using server = await scripted(({ path, socket }) => {
      if (path !== "/hang") setTimeout(() => socket.write(http(200, path)), 30)
    })
    await using transport = open(make, server.url)
    const hanging = Array.from({ length: 20 }, () => transport.start(`${server.url}/hang`))
    const others = Array.from({ length: 20 }, (_, index) => transport.send(`${server.url}/${index}`))
    await Promise.all(hanging.map(interrupt))
    expect((await Promise.all(others)).map((response) => "body" in response && response.body)).toEqual(
      Array.from({ length: 20 }, (_, index) => `/${index}`),
    )
  })

  it("fails the requests in progress as unavailable when its scope closes, and closes their sockets", async () => {
    await using server = await scripted(hang)
    await using transport = open(make, server.url)
    const running = Array.from({ length: 5 }, () => transport.send(server.url, { timeout: 500 }))
    await server.request(5)
    const { ms } = await timed(() => transport.close())
    expect(ms).toBeLessThan(400)
    for (const outcome of await Promise.all(running)) expect(outcome).toEqual({ _tag: "Unavailable", detail: "closed" })
    await soon(Promise.all(server.requests.map(({ closed }) => closed)))
  })

  it("sends nothing after its scope has closed, to an origin that it has used", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    await transport.send(server.url)
    await transport.close()
    expect(await transport.send(server.url)).toEqual({ _tag: "Unavailable", detail: "closed" })
    expect(server.requests).toHaveLength(1)
  })

  it("sends nothing after its scope has closed, to an origin that it has not used", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    await transport.close()
    expect(await transport.send(server.url)).toEqual({ _tag: "Unavailable", detail: "closed" })
    expect(server.connections().opened).toBe(0)
  })
})
