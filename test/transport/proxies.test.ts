import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeTransport } from "../../src/adapters/transport/undici.ts"
import { open } from "./doors.ts"

/** A proxy that answers what it is asked to pass on, and refuses every tunnel. */
const startProxy = async () => {
  const asked: Array<string> = []
  const note = ({ method, url }: IncomingMessage) => asked.push(`${method} ${url}`)
  const server = createServer((request, response) => {
    note(request)
    response.end("by the proxy")
  })
  server.on("connect", (request, socket) => {
    note(request)
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { asked, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe("the proxy that the environment names", () => {
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

  it("is asked for a tunnel to an https origin; what it refuses is Unavailable, in words", async () => {
    vi.stubEnv("HTTPS_PROXY", proxy.url)
    await using door = open(makeTransport)
    const found = await door.ask("https://vendor.invalid/token", { method: "POST", body: "secret=1" })
    expect(found).toMatchObject({ _tag: "Unavailable" })
    expect(JSON.stringify(found)).not.toContain("UND_ERR")
    expect(proxy.asked).toEqual(["CONNECT vendor.invalid:443"])
  })

  it("is given the requests to an http origin that is listed", async () => {
    vi.stubEnv("HTTP_PROXY", proxy.url)
    await using door = open(makeTransport, "http://vendor.invalid")
    expect(await door.ask("http://vendor.invalid/keys")).toMatchObject({ status: 200, body: "by the proxy" })
    expect(proxy.asked).toEqual(["GET http://vendor.invalid/keys"])
  })

  it("is passed by for the hosts of NO_PROXY", async () => {
    const other = await startProxy()
    vi.stubEnv("HTTP_PROXY", proxy.url)
    vi.stubEnv("NO_PROXY", "127.0.0.1")
    await using door = open(makeTransport, other.url)
    expect(await door.ask(`${other.url}/keys`)).toMatchObject({ status: 200 })
    expect(other.asked).toEqual(["GET /keys"])
    expect(proxy.asked).toEqual([])
    await other.close()
  })
})
