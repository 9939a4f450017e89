import { describe, expect, it } from "vitest"
import { eventually, scripted, soon } from "../bad-days/scripted-server.ts"
import { answer, asJson, drip, endless, hang, head, http } from "../bad-days/scripts.ts"
import { doors, interrupt, open, timed } from "./doors.ts"

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.concurrent.each(doors)("the $door door lets go when it is told to", ({ door, make }) => {
  it("closes the socket of a request interrupted before the headers", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    const fiber = opened.start(server.url)
    const { closed } = await server.request(1)
    const { ms } = await timed(() => interrupt(fiber))
    expect(ms).toBeLessThan(500)
    await soon(closed)
  })

  it("closes the socket of a request interrupted during the body", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless("1\r\nx\r\n"), 5))
    await using opened = open(make, server.url)
    const fiber = opened.start(server.url)
    const { closed } = await server.request(1)
    await pause(40)
    await interrupt(fiber)
    await soon(closed)
  })

  it("sends nothing when interrupted at once", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    await interrupt(opened.start(server.url))
    await pause(30)
    expect(server.asked).toEqual([])
  })

  // The platform's fetch has no bound on its sockets, so with it nothing waits.
  it.runIf(door === "undici")("never writes a request that was interrupted while it waited for a socket", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    const first = Array.from({ length: 128 }, () => opened.ask(server.url))
    await eventually(() => server.asked.length === 128)
    const waiting = opened.start(`${server.url}/abandoned`)
    const after = opened.ask(`${server.url}/after`)
    await pause(20)
    await interrupt(waiting)
    server.play(answer(200, "free"))
    for (const { socket } of server.asked.slice(0, 128)) socket.write(http(200))
    expect(await Promise.all(first)).toHaveLength(128)
    expect(await after).toMatchObject({ body: "free" })
    expect(server.asked.map(({ path }) => path)).not.toContain("/abandoned")
  })

  it("harms no other request by an interruption", async () => {
    await using server = await scripted(({ path, socket }) => {
      if (path !== "/hang") setTimeout(() => socket.write(http(200, path)), 30)
    })
    await using opened = open(make, server.url)
    const hanging = Array.from({ length: 20 }, () => opened.start(`${server.url}/hang`))
    const others = Array.from({ length: 20 }, (_, index) => opened.ask(`${server.url}/${index}`))
    await Promise.all(hanging.map(interrupt))
    expect((await Promise.all(others)).map((each) => "body" in each && each.body)).toEqual(
      Array.from({ length: 20 }, (_, index) => `/${index}`),
    )
  })

  it("fails the requests under way as unavailable when its scope closes, and closes their sockets", async () => {
    await using server = await scripted(hang)
    await using opened = open(make, server.url)
    const running = Array.from({ length: 5 }, () => opened.ask(server.url, { timeout: 500 }))
    await server.request(5)
    const { ms } = await timed(() => opened.close())
    expect(ms).toBeLessThan(400)
    for (const outcome of await Promise.all(running)) expect(outcome).toEqual({ _tag: "Unavailable", detail: "closed" })
    await soon(Promise.all(server.asked.map(({ closed }) => closed)))
  })

  it("sends nothing more after its scope has closed, to an origin it knew", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    await opened.close()
    expect(await opened.ask(server.url)).toEqual({ _tag: "Unavailable", detail: "closed" })
    expect(server.asked).toHaveLength(1)
  })

  it("sends nothing more after its scope has closed, to an origin it never talked to", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    await opened.close()
    expect(await opened.ask(server.url)).toEqual({ _tag: "Unavailable", detail: "closed" })
    expect(server.connections().opened).toBe(0)
  })
})
