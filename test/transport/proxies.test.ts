import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { type AddressInfo, connect, type Server } from "node:net"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { proxyFor } from "../../src/adapters/transport/proxy-settings.ts"
import { makeTransport, type UndiciOptions } from "../../src/adapters/transport/undici.ts"
import { isRetryable } from "../../src/ports/errors.ts"
import { policiesOff } from "../policies-off.ts"
import { interrupt, open, openWith, transports } from "./transports.ts"

/** A proxy that responds to each forwarded request itself and rejects each CONNECT with a status. */
const startProxy = async ({ connect = 403, forward = 200 } = {}) => {
  const requests: Array<string> = []
  const record = ({ method, url }: IncomingMessage) => requests.push(`${method} ${url}`)
  const server = createServer((request, response) => {
    record(request)
    response.writeHead(forward).end("by the proxy")
  })
  server.on("connect", (request, socket) => {
    record(request)
    socket.end(`HTTP/1.1 ${connect} Refused\r\n\r\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    requests,
    close,
    [Symbol.asyncDispose]: close,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }
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

  describe.each([
    [403, false, /must allow this origin/],
    [407, false, /check the credentials in HTTPS_PROXY/],
    [502, true, /HTTP 502$/],
  ] as const)("that refuses a CONNECT with %i", (status, isTransient, action) => {
    it("is named without its password, with the status and what to do", async () => {
      await using refusing = await startProxy({ connect: status })
      vi.stubEnv("HTTPS_PROXY", refusing.url.replace("://", "://operator:hushhush@"))
      await using transport = open(makeTransport)
      const outcome = await transport.send("https://vendor.invalid/token", { method: "POST", body: "secret=1" })
      expect(outcome).toMatchObject({
        _tag: "Unavailable",
        detail: expect.stringMatching(`^the proxy ${refusing.url} refused the connection: HTTP ${status}`),
      })
      expect(outcome).toHaveProperty("detail", expect.stringMatching(action))
      expect("_tag" in outcome && isRetryable(outcome)).toBe(isTransient)
      expect(JSON.stringify(outcome)).not.toMatch(/operator|hushhush/)
    })

    it("is the reason of every operation that sends a request, never a wrong client secret", async () => {
      await using refusing = await startProxy({ connect: status })
      vi.stubEnv("HTTPS_PROXY", refusing.url)
      await using auth = createAuth(
        oidc({ ...policiesOff, issuer: "https://vendor.invalid", clientId: "service", clientSecret: "sesameopenwide" }),
      )
      for (const call of [
        () => auth.introspect("token"),
        () => auth.revoke("token"),
        () => auth.userInfo("token"),
        () => auth.clientCredentials(),
        () => auth.metadata.keys(),
      ]) {
        const error = await call().catch((caught: unknown) => caught)
        expect(error).toMatchObject({
          reason: { _tag: "Unavailable", detail: expect.stringContaining(`HTTP ${status}`) },
          url: "https://vendor.invalid/.well-known/openid-configuration",
        })
      }
    })
  })

  it("that answers a forwarded request with 407 is told as the proxy", async () => {
    await using refusing = await startProxy({ forward: 407 })
    vi.stubEnv("HTTP_PROXY", refusing.url.replace("://", "://operator:hushhush@"))
    await using transport = open(makeTransport, "http://vendor.invalid")
    expect(await transport.send("http://vendor.invalid/keys")).toEqual({
      _tag: "Unavailable",
      permanent: true,
      detail: `the proxy ${refusing.url} refused the connection: HTTP 407; check the credentials in HTTP_PROXY`,
    })
  })

  it.each(transports)(
    "that answers a request of the $name transport with 407 is never the server",
    async ({ make }) => {
      await using refusing = await startProxy({ forward: 407 })
      await using transport = open(make, refusing.url)
      expect(await transport.send(`${refusing.url}/token`)).toMatchObject({
        _tag: "Unavailable",
        permanent: true,
        detail: expect.stringMatching(/^the proxy refused the connection: HTTP 407/),
      })
    },
  )

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

  it.each<[string, Readonly<Record<string, string>>]>([
    ["without a scheme", { HTTP_PROXY: "host:port" }],
    ["without a scheme, in lower case", { http_proxy: "host:port" }],
    ["in lower case, beside an empty one in upper case", { HTTP_PROXY: "", http_proxy: "http://host:port" }],
    ["in upper case, beside an empty one in lower case", { HTTP_PROXY: "http://host:port", http_proxy: "" }],
    [
      "beside an empty NO_PROXY and one that names another host",
      { HTTP_PROXY: "host:port", no_proxy: "", NO_PROXY: "x" },
    ],
  ])("is read %s", async (_, variables) => {
    const host = new URL(proxy.url).host
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value.replace("host:port", host))
    await using transport = open(makeTransport, "http://vendor.invalid")
    expect(await transport.send("http://vendor.invalid/keys")).toMatchObject({ status: 200, body: "by the proxy" })
  })

  it("is not used when its variables are empty", async () => {
    const other = await startProxy()
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, "")
    await using transport = open(makeTransport, other.url)
    expect(await transport.send(`${other.url}/keys`)).toMatchObject({ status: 200 })
    expect(other.requests).toEqual(["GET /keys"])
    await other.close()
  })

  it("is replaced by the proxy of the configuration, also for a host in NO_PROXY", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1")
    vi.stubEnv("NO_PROXY", "vendor.invalid")
    await using transport = openWith(makeTransport, { insecureOrigins: ["http://vendor.invalid"], proxy: proxy.url })
    expect(await transport.send("http://vendor.invalid/keys")).toMatchObject({ body: "by the proxy" })
  })
})

describe("an urgent request", () => {
  it("does not wait behind the requests that hold every connection through the proxy", async () => {
    const certificate = readFileSync(new URL("./tls/certificate.pem", import.meta.url), "utf8")
    const key = readFileSync(new URL("./tls/key.pem", import.meta.url), "utf8")
    const vendor = createTlsServer({ cert: certificate, key }, (request, response) => {
      if (request.url !== "/hang") response.end(request.url)
    })
    const tunnels = createServer().on("connect", (request, socket) => {
      const target = connect(Number(request.url?.split(":")[1]), "127.0.0.1")
      for (const end of [socket, target]) end.on("error", () => [socket, target].map((each) => each.destroy()))
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
      socket.pipe(target).pipe(socket)
    })
    for (const server of [vendor, tunnels])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
    const portOf = (server: Server) => (server.address() as AddressInfo).port
    const origin = `https://localhost:${portOf(vendor)}`
    const proxy = `http://127.0.0.1:${portOf(tunnels)}`
    const limited = (options: UndiciOptions) =>
      makeTransport({ ...options, proxy, tls: { ca: certificate }, mostSockets: 3 })
    const transport = open(limited)
    const hanging = Array.from({ length: 3 }, () => transport.start(`${origin}/hang`, { timeout: 20_000 }))
    const waiting = transport.send(`${origin}/waiting`, { timeout: 2000 })
    expect(await transport.send(`${origin}/urgent`, { urgent: true, timeout: 10_000 })).toMatchObject({
      body: "/urgent",
    })
    expect(await waiting).toMatchObject({ _tag: "Unavailable" })
    await Promise.all(hanging.map(interrupt))
    await transport.close()
    vendor.closeAllConnections()
    tunnels.closeAllConnections()
    await Promise.all([vendor, tunnels].map((server) => new Promise((resolve) => server.close(resolve))))
  })
})

describe("the hosts in NO_PROXY", () => {
  it.each<[string, string, boolean]>([
    ["vendor.example", "https://vendor.example", false],
    ["vendor.example", "https://id.vendor.example", false],
    ["vendor.example", "https://othervendor.example", true],
    [".vendor.example", "https://vendor.example", false],
    ["*.vendor.example", "https://vendor.example", true],
    ["*", "https://vendor.example", false],
    ["vendor.example:8443", "https://vendor.example", true],
    ["vendor.example:443", "https://vendor.example", false],
    ["a.example, vendor.example", "https://vendor.example", false],
    ["[::1]", "http://[::1]:80", false],
    ["::1", "http://[::1]:80", false],
    ["", "https://vendor.example", true],
  ])("%j: %s has a proxy: %s", (noProxy, url, hasProxy) => {
    const proxies = { httpProxy: "http://p.example", httpsProxy: "http://p.example", noProxy }
    expect(proxyFor(url, proxies) !== undefined).toBe(hasProxy)
  })
})
