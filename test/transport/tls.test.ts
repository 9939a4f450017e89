import { readFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { createServer as createTcpServer, type Socket } from "node:net"
import { createServer, getCACertificates, type Server, setDefaultCACertificates, type TLSSocket } from "node:tls"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { eventually } from "../bad-days/scripted-server.ts"
import { open, transports } from "./transports.ts"

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8")

/**
 * Starts a TLS server that answers `/<path>/<times>` with the path repeated that often.
 *
 * `resumed` records for each connection whether it resumed a session.
 */
const startServer = async () => {
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
  const defaultCertificates = getCACertificates("default")
  beforeAll(() => setDefaultCACertificates([...defaultCertificates, pem("certificate")]))
  afterAll(() => setDefaultCACertificates(defaultCertificates))

  it.each(transports)(
    "the $name transport reads responses of every size, and matches each to its request",
    async ({ make }) => {
      await using server = await startServer()
      await using transport = open(make)
      const sizes = [1, 10, 2000, 20_000, 100_000]
      const requests = sizes.flatMap((size) => ["a", "b", "c", "d"].map((name) => ({ path: name.repeat(4), size })))
      const responses = await Promise.all(
        requests.map(({ path, size }) => transport.send(`${server.url}/${path}/${size}`)),
      )
      expect(responses.map((response) => "body" in response && response.body)).toEqual(
        requests.map(({ path, size }) => `/${path}`.repeat(size)),
      )
    },
  )

  it("every connection but the first resumes a session", async () => {
    await using server = await startServer()
    await using transport = open(makeTransport)
    await transport.send(`${server.url}/last`)
    await Promise.all(Array.from({ length: 3 }, () => transport.send(`${server.url}/last`)))
    expect(server.resumed).toEqual([false, true, true, true])
  })

  it.each(transports)(
    "the $name transport sends nothing to a server with an untrusted certificate",
    async ({ make }) => {
      await using server = await startServer()
      await using transport = open(make)
      setDefaultCACertificates(defaultCertificates)
      try {
        expect(await transport.send(`${server.url}/path`)).toMatchObject({ _tag: "Unavailable" })
      } finally {
        setDefaultCACertificates([...defaultCertificates, pem("certificate")])
      }
      expect(server.resumed).toEqual([])
    },
  )

  it("a handshake that hangs ends when the transport closes", async () => {
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
    const transport = open(makeTransport)
    expect(await transport.send(`https://127.0.0.1:${port}`, { timeout: 50 })).toMatchObject({ _tag: "Unavailable" })
    await eventually(() => sockets.size === 1)
    await transport.close()
    await eventually(() => sockets.size === 0)
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
