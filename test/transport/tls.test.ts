import { readFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { createServer as createTcpServer, type Socket } from "node:net"
import { createServer, getCACertificates, type Server, setDefaultCACertificates, type TLSSocket } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { eventually } from "../bad-days/scripted-server.ts"
import { doors, open } from "./doors.ts"

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8")

/** Answers with the path, as often as the path says; and says of each connection whether it resumed a session. */
const listening = async () => {
  const resumed: Array<boolean> = []
  const open = new Set<TLSSocket>()
  const server: Server = createServer({ key: pem("key"), cert: pem("certificate") }, (socket) => {
    open.add(socket)
    resumed.push(socket.isSessionReused())
    socket.on("error", () => {}).on("close", () => open.delete(socket))
    socket.setEncoding("latin1").on("data", (head: string) => {
      const [, path = "", times = "1"] = head.split(" ")[1]?.split("/") ?? []
      const body = `/${path}`.repeat(Number(times))
      const end = path === "last" ? "connection: close\r\n" : ""
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${end}\r\n${body}`)
      if (path === "last") socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}`,
    resumed,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

describe("over TLS", () => {
  const known = getCACertificates("default")
  beforeAll(() => setDefaultCACertificates([...known, pem("certificate")]))
  afterAll(() => setDefaultCACertificates(known))

  it.each(doors)("$door reads answers of every size whole, and each caller its own", async ({ make }) => {
    await using server = await listening()
    await using door = open(make)
    const sizes = [1, 10, 2000, 20_000, 100_000]
    const asked = sizes.flatMap((size) => ["a", "b", "c", "d"].map((name) => ({ path: name.repeat(4), size })))
    const answers = await Promise.all(asked.map(({ path, size }) => door.ask(`${server.url}/${path}/${size}`)))
    expect(answers.map((answer) => "body" in answer && answer.body)).toEqual(
      asked.map(({ path, size }) => `/${path}`.repeat(size)),
    )
  })

  it("every connection but the first resumes a session", async () => {
    await using server = await listening()
    await using door = open(makeTransport)
    await door.ask(`${server.url}/last`)
    await Promise.all(Array.from({ length: 3 }, () => door.ask(`${server.url}/last`)))
    expect(server.resumed).toEqual([false, true, true, true])
  })

  it.each(doors)("$door says nothing to a server for which nobody vouches", async ({ make }) => {
    await using server = await listening()
    await using door = open(make)
    setDefaultCACertificates(known)
    try {
      expect(await door.ask(`${server.url}/path`)).toMatchObject({ _tag: "Unavailable" })
    } finally {
      setDefaultCACertificates([...known, pem("certificate")])
    }
    expect(server.resumed).toEqual([])
  })

  it("a handshake that hangs ends with the door", async () => {
    const sockets = new Set<Socket>()
    const server = createTcpServer((socket) => {
      sockets.add(socket)
      socket
        .on("error", () => {})
        .on("close", () => sockets.delete(socket))
        .resume()
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const door = open(makeTransport)
    expect(await door.ask(`https://127.0.0.1:${port}`, { timeout: 50 })).toMatchObject({ _tag: "Unavailable" })
    await eventually(() => sockets.size === 1)
    await door.close()
    await eventually(() => sockets.size === 0)
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
