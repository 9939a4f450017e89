import { readFileSync } from "node:fs"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import type { TLSSocket } from "node:tls"
import { describe, expect, it } from "vitest"
import { makeTransport as makeFetch } from "../../src/adapters/transport/fetch.ts"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { scripted } from "../bad-days/scripted-server.ts"
import { respond } from "../bad-days/scripts.ts"
import { openWith } from "./transports.ts"

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8")
const [cert, key] = [pem("certificate"), pem("key")]

/** A server with a certificate of a private authority, which requires one of its clients. */
const startServer = async () => {
  const server = createServer(
    { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => response.end(`client ${(request.socket as TLSSocket).authorized}`),
  )
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

describe("tls", () => {
  it("trusts a private authority, and no server without it", async () => {
    await using server = await startServer()
    await using trusting = openWith(makeTransport, { insecureOrigins: [], tls: { ca: cert } })
    expect(await trusting.send(server.url)).toMatchObject({ body: "client false" })
    await using other = openWith(makeTransport, { insecureOrigins: [] })
    expect(await other.send(server.url)).toMatchObject({ _tag: "Unavailable" })
  })

  it("identifies the client by its certificate", async () => {
    await using server = await startServer()
    await using transport = openWith(makeTransport, { insecureOrigins: [], tls: { ca: [cert], cert, key } })
    expect(await transport.send(server.url)).toMatchObject({ body: "client true" })
  })

  it("and a proxy are refused where fetch takes neither", () => {
    expect(() => openWith(makeFetch, { insecureOrigins: [], tls: { ca: cert }, proxy: "http://p.example" })).toThrow()
  })
})

describe("the maximum age of a connection", () => {
  it("is noticed under load: an old connection is replaced after its exchange", async () => {
    await using server = await scripted(respond(200))
    await using transport = openWith(makeTransport, { insecureOrigins: [server.url], maxConnectionAge: 50 })
    const end = performance.now() + 400
    while (performance.now() < end) expect(await transport.send(server.url)).toMatchObject({ status: 200 })
    const { opened, open } = server.connections()
    expect(opened).toBeGreaterThan(2)
    expect(open).toBeLessThanOrEqual(2)
  })

  it("does not replace a connection that is younger", async () => {
    await using server = await scripted(respond(200))
    await using transport = openWith(makeTransport, { insecureOrigins: [server.url], maxConnectionAge: 60_000 })
    for (let count = 0; count < 10; count++) await transport.send(server.url)
    expect(server.connections().opened).toBe(1)
  })
})
