import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { open } from "./transports.ts"

/** A proxy that responds to each forwarded request itself and rejects each CONNECT. */
const startProxy = async () => {
  const requests: Array<string> = []
  const record = ({ method, url }: IncomingMessage) => requests.push(`${method} ${url}`)
  const server = createServer((request, response) => {
    record(request)
    response.end("by the proxy")
  })
  server.on("connect", (request, socket) => {
    record(request)
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { requests, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe("the proxy from the environment", () => {
  let proxy: Awaited<ReturnType<typeof startProxy>>
  beforeEach(async () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, undefined)
    proxy = await startProxy()
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await proxy.close()
  })

  it("receives a CONNECT for an https origin, and its rejection is Unavailable without an undici code", async () => {
    vi.stubEnv("HTTPS_PROXY", proxy.url)
    await using transport = open(makeTransport)
    const outcome = await transport.send("https://vendor.invalid/token", { method: "POST", body: "secret=1" })
    expect(outcome).toMatchObject({ _tag: "Unavailable" })
    expect(JSON.stringify(outcome)).not.toContain("UND_ERR")
    expect(proxy.requests).toEqual(["CONNECT vendor.invalid:443"])
  })

  it("receives the requests to a listed http origin", async () => {
    vi.stubEnv("HTTP_PROXY", proxy.url)
    await using transport = open(makeTransport, "http://vendor.invalid")
    expect(await transport.send("http://vendor.invalid/keys")).toMatchObject({ status: 200, body: "by the proxy" })
    expect(proxy.requests).toEqual(["GET http://vendor.invalid/keys"])
  })

  it("is bypassed for the hosts in NO_PROXY", async () => {
    const other = await startProxy()
    vi.stubEnv("HTTP_PROXY", proxy.url)
    vi.stubEnv("NO_PROXY", "127.0.0.1")
    await using transport = open(makeTransport, other.url)
    expect(await transport.send(`${other.url}/keys`)).toMatchObject({ status: 200 })
    expect(other.requests).toEqual(["GET /keys"])
    expect(proxy.requests).toEqual([])
    await other.close()
  })
})
