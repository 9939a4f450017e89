import { createServer } from "node:net"
import { performance } from "node:perf_hooks"
import { text } from "node:stream/consumers"
import { getHeapSnapshot } from "node:v8"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { eventually, type ScriptedServer, scripted, soon } from "../bad-days/scripted-server.ts"
import { answer, hang, http } from "../bad-days/scripts.ts"
import { type Door, interrupt, open } from "./doors.ts"

/** As many sockets as one origin may have. */
const most = 128

const together = (count: number, door: Door, url: string) =>
  Promise.all(Array.from({ length: count }, () => door.ask(url)))

/** Every connection that the origin may have, each with a request that hangs. */
const allBusy = async (door: Door, server: ScriptedServer) => {
  const hanging = Array.from({ length: most }, () => door.start(`${server.url}/hang`))
  await eventually(() => server.asked.length === most)
  return hanging
}

/** How often the event loop has turned. */
const turns = (): number => performance.nodeTiming.uvMetricsInfo.loopCount

const line = (path: string) => (path === "/hang" ? hang : answer(200, path))
const hangsWhereAsked = (): Promise<ScriptedServer> => scripted((asked) => line(asked.path)(asked))

describe("the connections to one origin", () => {
  it("are one where one request follows the other", async () => {
    await using server = await scripted(answer(200))
    await using door = open(makeTransport, server.url)
    for (let count = 0; count < 10; count++) await door.ask(server.url)
    expect(server.connections().opened).toBe(1)
  })

  it("are as many as there were requests at once, however often", async () => {
    await using server = await scripted(answer(200))
    await using door = open(makeTransport, server.url)
    for (let count = 0; count < 5; count++) await together(20, door, server.url)
    expect(server.connections().opened).toBe(20)
  })

  it("never carry a second request before the first is answered", async () => {
    const busy = new Set<unknown>()
    let crossed = 0
    await using server = await scripted(({ socket }) => {
      if (busy.has(socket)) crossed += 1
      busy.add(socket)
      setTimeout(() => {
        busy.delete(socket)
        socket.write(http(200))
      }, 1)
    })
    await using door = open(makeTransport, server.url)
    expect(await together(3 * most, door, server.url)).not.toContainEqual(
      expect.objectContaining({ _tag: "Unavailable" }),
    )
    expect(crossed).toBe(0)
    expect(server.connections().opened).toBe(most)
  })

  it("serve those who wait in the order in which they came", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    const [first] = await allBusy(door, server)
    const waiting = Array.from({ length: 10 }, (_, index) => door.ask(`${server.url}/${index}`))
    if (first !== undefined) await interrupt(first)
    await soon(Promise.all(waiting))
    expect(server.asked.slice(most).map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, index) => `/${index}`),
    )
  })

  it("that are open are used before one that has to be opened again", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    const broken = door.start(`${server.url}/hang`)
    await server.request(1)
    await door.ask(`${server.url}/other`)
    await interrupt(broken)
    await server.asked[0]?.closed
    await door.ask(`${server.url}/after`)
    expect(server.connections().opened).toBe(2)
  })

  it("serve those who wait when one of them breaks", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    await allBusy(door, server)
    const waiting = door.ask(`${server.url}/waiting`)
    server.asked[0]?.socket.resetAndDestroy()
    expect(await soon(waiting)).toMatchObject({ body: "/waiting" })
  })

  it("never write a request that was given up while its connection was being opened", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    await interrupt(door.start(`${server.url}/abandoned`))
    await eventually(() => server.connections().opened === 1)
    await door.ask(`${server.url}/after`)
    expect(server.asked.map(({ path }) => path)).toEqual(["/after"])
  })

  it("are kept for others where their opening took longer than a caller would wait", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    await interrupt(door.start(`${server.url}/abandoned`))
    await door.ask(`${server.url}/after`)
    await together(10, door, server.url)
    const { opened, open: still } = server.connections()
    expect(still).toBe(opened)
  })

  it("let those who wait give up in time, and spend nothing on them", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    await allBusy(door, server)
    const gaveUp = await Promise.all(Array.from({ length: 1000 }, () => door.ask(server.url, { timeout: 20 })))
    for (const outcome of gaveUp) expect(outcome).toMatchObject({ _tag: "Unavailable" })
    const after = door.ask(`${server.url}/after`)
    const before = turns()
    server.asked[0]?.socket.write(http(200))
    expect(await soon(after)).toMatchObject({ body: "/after" })
    // Were each of them given the connection, each would take a turn of the event loop.
    expect(turns() - before).toBeLessThan(500)
    expect(server.asked).toHaveLength(most + 1)
    expect(server.connections().opened).toBe(most)
  })

  it("fail those who wait when the door closes", async () => {
    await using server = await scripted(hang)
    await using door = open(makeTransport, server.url)
    await allBusy(door, server)
    const waiting = together(5, door, server.url)
    await door.close()
    expect(await soon(waiting)).toEqual(Array.from({ length: 5 }, () => ({ _tag: "Unavailable", detail: "closed" })))
    expect(server.asked).toHaveLength(most)
  })

  it("are not opened by what was begun before the door closed and is run after", async () => {
    await using server = await scripted(answer(200))
    const scope = Scope.makeUnsafe()
    const transport = Effect.runSync(Scope.provide(makeTransport({ insecure: [server.url] }), scope))
    const ask = () => transport.send({ method: "GET", url: server.url, headers: {}, timeout: 2000, maxBytes: 1024 })
    await Effect.runPromise(ask())
    const begun = Array.from({ length: 10 }, ask)
    await Effect.runPromise(Scope.close(scope, Exit.void))
    const refused = await Promise.all(begun.map((each) => Effect.runPromise(Effect.flip(each))))
    expect(refused).toEqual(Array.from({ length: 10 }, () => ({ _tag: "Unavailable", detail: "closed" })))
    expect(server.connections().opened).toBe(1)
  })

  it("hold nothing of a request that was given up while it waited", { timeout: 60_000 }, async () => {
    await using server = await scripted(hang)
    await using door = open(makeTransport, server.url)
    await allBusy(door, server)
    // In one piece, for a snapshot shows what is joined as its parts.
    const body = (count: number) => Buffer.from(`token=given up while waiting ${count}`).toString("latin1")
    for (let count = 0; count < 10; count++)
      await door.ask(server.url, { method: "POST", body: body(count), timeout: 1 })
    const held = body(11)
    const dump = await text(getHeapSnapshot())
    expect([dump.includes(held), dump.includes(body(5))]).toEqual([true, false])
  })

  it("refuse ten thousand that cannot be sent one after the other, however deep the queue", async () => {
    await using server = await hangsWhereAsked()
    await using door = open(makeTransport, server.url)
    const [first] = await allBusy(door, server)
    const broken = Array.from({ length: 10_000 }, () => door.ask(server.url, { headers: { authorization: "a\nb" } }))
    const after = door.ask(`${server.url}/after`)
    if (first !== undefined) await interrupt(first)
    for (const outcome of await soon(Promise.all(broken))) expect(outcome).toMatchObject({ _tag: "InvalidRequest" })
    expect(await soon(after)).toMatchObject({ body: "/after" })
  })

  it("speak HTTP/1.1 alone, and say so before TLS has begun", async () => {
    let hello = ""
    const server = createServer((socket) => {
      socket.on("error", () => {})
      socket.once("data", (bytes) => {
        hello = bytes.toString("latin1")
        socket.destroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as { readonly port: number }
    await using door = open(makeTransport)
    expect(await door.ask(`https://127.0.0.1:${port}/`)).toMatchObject({ _tag: "Unavailable" })
    expect(hello).toContain("\x08http/1.1")
    expect(hello).not.toContain("\x02h2")
    server.close()
  })
})
