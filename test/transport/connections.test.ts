import { createServer } from "node:net"
import { performance } from "node:perf_hooks"
import { text } from "node:stream/consumers"
import { getHeapSnapshot } from "node:v8"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { makeTransport as makeGrowing, type UndiciOptions } from "../../src/adapters/transport/undici.ts"
import { eventually, type ScriptedServer, scripted, soon } from "../bad-days/scripted-server.ts"
import { hang, http, respond } from "../bad-days/scripts.ts"
import { interrupt, makeUndici as makeTransport, type OpenTransport, open } from "./transports.ts"

/** The maximum number of sockets per origin. */
const maxSockets = 128

const sendConcurrently = (count: number, transport: OpenTransport, url: string) =>
  Promise.all(Array.from({ length: count }, () => transport.send(url)))

/** Occupies every connection of the origin with a request that hangs. */
const occupyAllConnections = async (transport: OpenTransport, server: ScriptedServer) => {
  const hanging = Array.from({ length: maxSockets }, () => transport.start(`${server.url}/hang`))
  await eventually(() => server.requests.length === maxSockets)
  return hanging
}

/** The number of event loop iterations so far. */
const loopIterations = (): number => performance.nodeTiming.uvMetricsInfo.loopCount

const scriptFor = (path: string) => (path === "/hang" ? hang : respond(200, path))
const startServerWithHang = (): Promise<ScriptedServer> => scripted((request) => scriptFor(request.path)(request))

describe("the connections to one origin", () => {
  it("are one for sequential requests", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(makeTransport, server.url)
    for (let count = 0; count < 10; count++) await transport.send(server.url)
    expect(server.connections().opened).toBe(1)
  })

  it("are as many as the concurrent requests, also when these are repeated", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(makeTransport, server.url)
    for (let count = 0; count < 5; count++) await sendConcurrently(20, transport, server.url)
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
    await using transport = open(makeTransport, server.url)
    expect(await sendConcurrently(3 * maxSockets, transport, server.url)).not.toContainEqual(
      expect.objectContaining({ _tag: "Unavailable" }),
    )
    expect(crossed).toBe(0)
    expect(server.connections().opened).toBe(maxSockets)
  })

  it("serve waiting requests in the order of their arrival", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    const [first] = await occupyAllConnections(transport, server)
    const waiting = Array.from({ length: 10 }, (_, index) => transport.send(`${server.url}/${index}`))
    if (first !== undefined) await interrupt(first)
    await soon(Promise.all(waiting))
    expect(server.requests.slice(maxSockets).map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, index) => `/${index}`),
    )
  })

  it("that are open are used before a broken one is reopened", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    const broken = transport.start(`${server.url}/hang`)
    await server.request(1)
    await transport.send(`${server.url}/other`)
    await interrupt(broken)
    await server.requests[0]?.closed
    await transport.send(`${server.url}/after`)
    expect(server.connections().opened).toBe(2)
  })

  it("become more while requests hang, so that others need not wait, and as many as before when they end", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeGrowing, server.url)
    const hanging = Array.from({ length: 5 * maxSockets }, () => transport.start(`${server.url}/hang`))
    expect(await soon(transport.send(`${server.url}/other`))).toMatchObject({ body: "/other" })
    await eventually(() => server.requests.length === 5 * maxSockets + 1)
    await Promise.all(hanging.map(interrupt))
    await eventually(() => server.connections().open <= maxSockets)
    await sendConcurrently(maxSockets, transport, server.url)
    expect(server.connections().open).toBeLessThanOrEqual(maxSockets)
  })

  it("become as few as before when the requests that hung are answered", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeGrowing, server.url)
    const hanging = Array.from({ length: 2 * maxSockets }, () => transport.start(`${server.url}/hang`))
    await eventually(() => server.requests.length === 2 * maxSockets)
    for (const { socket } of server.requests) socket.write(http(200))
    await Promise.all(hanging.map((fiber) => Effect.runPromise(Fiber.join(fiber))))
    await eventually(() => server.connections().open <= maxSockets)
    expect(server.connections().opened).toBe(2 * maxSockets)
  })

  it("are no more than the limit, however many requests hang, except for urgent ones", async () => {
    const mostSockets = 150
    await using server = await startServerWithHang()
    await using transport = open(
      (options: UndiciOptions) => makeGrowing({ ...options, hangsAfter: 10, mostSockets }),
      server.url,
    )
    const hanging = Array.from({ length: 200 }, () => transport.start(`${server.url}/hang`))
    await eventually(() => server.requests.length === mostSockets)
    const waiting = transport.send(`${server.url}/waiting`)
    expect(await soon(transport.send(`${server.url}/urgent`, { urgent: true }))).toMatchObject({ body: "/urgent" })
    expect(server.connections().opened).toBe(mostSockets + 1)
    await Promise.all(hanging.map(interrupt))
    expect(await soon(waiting)).toMatchObject({ body: "/waiting" })
  })

  it("are one more for an urgent request, which waits for no other", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    await occupyAllConnections(transport, server)
    const waiting = transport.send(`${server.url}/waiting`)
    expect(await soon(transport.send(`${server.url}/urgent`, { urgent: true }))).toMatchObject({ body: "/urgent" })
    expect(await soon(waiting)).toMatchObject({ body: "/waiting" })
  })

  it("serve a waiting request when one of them breaks", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    await occupyAllConnections(transport, server)
    const waiting = transport.send(`${server.url}/waiting`)
    server.requests[0]?.socket.resetAndDestroy()
    expect(await soon(waiting)).toMatchObject({ body: "/waiting" })
  })

  it("never write a request that was interrupted while its connection opened", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    await interrupt(transport.start(`${server.url}/abandoned`))
    await eventually(() => server.connections().opened === 1)
    await transport.send(`${server.url}/after`)
    expect(server.requests.map(({ path }) => path)).toEqual(["/after"])
  })

  it("are kept when the request that opened them was interrupted", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    await interrupt(transport.start(`${server.url}/abandoned`))
    await transport.send(`${server.url}/after`)
    await sendConcurrently(10, transport, server.url)
    const { opened, open: openNow } = server.connections()
    expect(openNow).toBe(opened)
  })

  it("time out waiting requests without an event loop iteration for each", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    await occupyAllConnections(transport, server)
    const timedOut = await Promise.all(Array.from({ length: 1000 }, () => transport.send(server.url, { timeout: 20 })))
    for (const outcome of timedOut) expect(outcome).toMatchObject({ _tag: "Unavailable" })
    const after = transport.send(`${server.url}/after`)
    const before = loopIterations()
    server.requests[0]?.socket.write(http(200))
    expect(await soon(after)).toMatchObject({ body: "/after" })
    // If each timed-out request got the connection, each would take one iteration of the event loop.
    expect(loopIterations() - before).toBeLessThan(500)
    expect(server.requests).toHaveLength(maxSockets + 1)
    expect(server.connections().opened).toBe(maxSockets)
  })

  it("fail waiting requests when the transport closes", async () => {
    await using server = await scripted(hang)
    await using transport = open(makeTransport, server.url)
    await occupyAllConnections(transport, server)
    const waiting = sendConcurrently(5, transport, server.url)
    await transport.close()
    expect(await soon(waiting)).toEqual(Array.from({ length: 5 }, () => ({ _tag: "Unavailable", detail: "closed" })))
    expect(server.requests).toHaveLength(maxSockets)
  })

  it("are not opened by a request that was created before the transport closed and runs afterwards", async () => {
    await using server = await scripted(respond(200))
    const scope = Scope.makeUnsafe()
    const transport = Effect.runSync(Scope.provide(makeTransport({ insecureOrigins: [server.url] }), scope))
    const send = () => transport.send({ method: "GET", url: server.url, headers: {}, timeout: 2000, maxBytes: 1024 })
    await Effect.runPromise(send())
    const created = Array.from({ length: 10 }, send)
    await Effect.runPromise(Scope.close(scope, Exit.void))
    const failures = await Promise.all(created.map((request) => Effect.runPromise(Effect.flip(request))))
    expect(failures).toEqual(Array.from({ length: 10 }, () => ({ _tag: "Unavailable", detail: "closed" })))
    expect(server.connections().opened).toBe(1)
  })

  it("retain nothing of a request that timed out while it waited", { timeout: 60_000 }, async () => {
    await using server = await scripted(hang)
    await using transport = open(makeTransport, server.url)
    await occupyAllConnections(transport, server)
    // Decoded from a buffer, because a heap snapshot shows a concatenated string as its parts.
    const body = (count: number) => Buffer.from(`token=timed out while waiting ${count}`).toString("latin1")
    for (let count = 0; count < 10; count++)
      await transport.send(server.url, { method: "POST", body: body(count), timeout: 1 })
    const retained = body(11)
    const dump = await text(getHeapSnapshot())
    expect([dump.includes(retained), dump.includes(body(5))]).toEqual([true, false])
  })

  it("fail 10 000 queued requests that cannot be sent, and serve the next request", async () => {
    await using server = await startServerWithHang()
    await using transport = open(makeTransport, server.url)
    const [first] = await occupyAllConnections(transport, server)
    const unsendable = Array.from({ length: 10_000 }, () =>
      transport.send(server.url, { headers: { authorization: "a\nb" } }),
    )
    const after = transport.send(`${server.url}/after`)
    if (first !== undefined) await interrupt(first)
    for (const outcome of await soon(Promise.all(unsendable))) expect(outcome).toMatchObject({ _tag: "InvalidRequest" })
    expect(await soon(after)).toMatchObject({ body: "/after" })
  })

  it("offer only HTTP/1.1 in the TLS handshake", async () => {
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
    await using transport = open(makeTransport)
    expect(await transport.send(`https://127.0.0.1:${port}/`)).toMatchObject({ _tag: "Unavailable" })
    expect(hello).toContain("\x08http/1.1")
    expect(hello).not.toContain("\x02h2")
    server.close()
  })
})
