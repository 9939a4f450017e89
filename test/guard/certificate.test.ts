import { createHash, X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Agent } from "node:http"
import { createServer, Agent as TlsAgent, request as tlsRequest } from "node:https"
import type { AddressInfo } from "node:net"
import type { ActiveToken } from "latchkey"
import { describe, expect, test } from "vitest"
import { makeGuard } from "../../src/guard/guard.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import type { Refusal } from "../../src/guard/refusal.ts"

const pem = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

const server = { key: pem("../transport/tls/key.pem"), cert: pem("../transport/tls/certificate.pem") }

/** A certificate that is signed by its own key, as RFC 8705 section 2.2 allows. */
const certificate = (name: string) => {
  const cert = pem(`./certificates/${name}.pem`)
  const { raw } = new X509Certificate(cert)
  return {
    key: pem(`./certificates/${name}-key.pem`),
    cert,
    raw,
    x5tS256: createHash("sha256").update(raw).digest("base64url"),
  }
}

const [client, other] = [certificate("client"), certificate("other")]

const active: ActiveToken = {
  active: true,
  use: "access_token",
  subject: "alice",
  audience: [],
  claims: {},
  source: { stale: false },
  confirmation: { x5tS256: client.x5tS256 },
}
const auth = { id: "test", introspect: async () => active }

/** Starts a TLS server that asks for a certificate and leaves the judgement to the guard. */
const listen = async (options: GuardOptions = {}) => {
  const refusals: Array<Refusal["situation"]> = []
  const protect = nodeGuard(auth, { ...options, onRefusal: ({ situation }) => refusals.push(situation) })
  const listener = protect((_, response) => response.end("passed"))
  const tls = createServer(
    { key: server.key, cert: server.cert, requestCert: true, rejectUnauthorized: false },
    listener,
  )
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve))
  return {
    port: (tls.address() as AddressInfo).port,
    refusals,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        tls.close(() => resolve())
        tls.closeAllConnections()
      }),
  }
}

interface Sent {
  readonly as?: { readonly key: string; readonly cert: string }
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>
  readonly agent?: Agent
}

const send = (port: number, { as, headers = [], agent }: Sent): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const tls = { ca: server.cert, servername: "localhost", ...(as && { key: as.key, cert: as.cert }) }
    const sent = tlsRequest({
      host: "127.0.0.1",
      port,
      ...tls,
      ...(agent === undefined ? { agent: false } : { agent }),
    })
    sent.setHeader("authorization", "Bearer token")
    for (const [name, value] of headers) sent.appendHeader(name, value)
    sent
      .on("error", reject)
      .on("response", (response) => response.resume().on("end", () => resolve(response.statusCode)))
    sent.end()
  })

const clientCert = (raw: Uint8Array): readonly [string, string] => [
  "client-cert",
  `:${Buffer.from(raw).toString("base64")}:`,
]
const behindProxy = { trustedProxy: (address: string | undefined) => address === "127.0.0.1" }

describe("a token that is bound to a certificate", () => {
  test("passes on a connection with this certificate", async () => {
    await using api = await listen()
    expect(await send(api.port, { as: client })).toBe(200)
  })

  test("passes on a connection that resumes the session of one with this certificate", async () => {
    await using api = await listen()
    const agent = new TlsAgent({ keepAlive: false, maxCachedSessions: 5 })
    for (let count = 0; count < 3; count++) expect(await send(api.port, { as: client, agent })).toBe(200)
    agent.destroy()
  })

  test("is refused on a connection with another certificate, and on one without", async () => {
    await using api = await listen()
    expect(await send(api.port, { as: other })).toBe(401)
    expect(await send(api.port, {})).toBe(401)
    expect(api.refusals).toEqual(["other-certificate", "other-certificate"])
  })

  test("is refused on a connection without TLS", async () => {
    const check = makeGuard(auth)()
    const header = (name: string) => (name === "authorization" ? "Bearer token" : undefined)
    expect(await check({ method: "GET", target: "/", header })).toMatchObject({
      refusal: { status: 401, situation: "other-certificate" },
    })
  })
})

describe("the header Client-Cert", () => {
  test("does not count without a proxy that is trusted", async () => {
    const options = [{}, { trustedProxy: () => false }, { trustedProxy: (address?: string) => address === "10.0.0.1" }]
    for (const option of options) {
      await using api = await listen(option)
      expect(await send(api.port, { headers: [clientCert(client.raw)] })).toBe(401)
      expect(await send(api.port, { as: other, headers: [clientCert(client.raw)] })).toBe(401)
      expect(await send(api.port, { as: client, headers: [clientCert(other.raw)] })).toBe(200)
    }
  })

  test("of a trusted proxy counts, and the certificate of the proxy does not", async () => {
    await using api = await listen(behindProxy)
    expect(await send(api.port, { headers: [clientCert(client.raw)] })).toBe(200)
    expect(await send(api.port, { as: other, headers: [clientCert(client.raw)] })).toBe(200)
    expect(await send(api.port, { as: client, headers: [clientCert(other.raw)] })).toBe(401)
    expect(await send(api.port, { as: client })).toBe(401)
  })

  test("does not count in two lines, because the first may be the client's own", async () => {
    await using api = await listen(behindProxy)
    for (const [first, second] of [
      [client, other],
      [other, client],
      [client, client],
    ] as const)
      expect(await send(api.port, { headers: [clientCert(first.raw), clientCert(second.raw)] })).toBe(401)
  })

  test.each([
    ["base64 without colons", client.raw.toString("base64")],
    ["base64url", `:${client.raw.toString("base64url")}:`],
    ["one colon", `:${client.raw.toString("base64")}`],
    ["an escaped PEM", encodeURIComponent(client.cert)],
    ["a parameter", `:${client.raw.toString("base64")}:;a=1`],
    ["nothing", "::"],
    ["broken base64", ":A:"],
  ])("is refused in another form: %s", async (_, value) => {
    await using api = await listen(behindProxy)
    expect(await send(api.port, { headers: [["client-cert", value]] })).toBe(401)
  })
})

describe("the application's own function", () => {
  test("returns the certificate where the connection has none", async () => {
    const options: GuardOptions = { certificate: ({ header }) => Buffer.from(header("x-client-der") ?? "", "base64") }
    await using api = await listen(options)
    expect(await send(api.port, { headers: [["x-client-der", client.raw.toString("base64")]] })).toBe(200)
    expect(await send(api.port, { headers: [["x-client-der", other.raw.toString("base64")]] })).toBe(401)
    expect(await send(api.port, {})).toBe(401)
  })

  test("returns the certificate where the header of a trusted proxy has none", async () => {
    const certificate: GuardOptions["certificate"] = ({ header }) => Buffer.from(header("x-client-der") ?? "", "base64")
    await using api = await listen({ ...behindProxy, certificate })
    const own = ["x-client-der", client.raw.toString("base64")] as const
    expect(await send(api.port, { headers: [own] })).toBe(200)
    expect(await send(api.port, { as: other, headers: [own] })).toBe(200)
    expect(await send(api.port, { headers: [own, clientCert(other.raw)] })).toBe(401)
    expect(await send(api.port, { as: client })).toBe(401)
  })

  test("does not replace the certificate of the connection", async () => {
    await using api = await listen({ certificate: () => client.raw })
    expect(await send(api.port, { as: other })).toBe(401)
  })

  test.each(["certificate", "trustedProxy"])(
    "%s that throws is a fault of the server: 500, and reported",
    async (name) => {
      const errors: Array<unknown> = []
      const fault = new Error("no such proxy")
      const options: GuardOptions = {
        [name]: () => {
          throw fault
        },
        onError: (error) => errors.push(error),
      }
      await using api = await listen(options)
      expect(await send(api.port, {})).toBe(500)
      expect(errors).toEqual([fault])
    },
  )

  test.each<[string, object, RegExp]>([
    ["certificate returns a PEM", { certificate: () => client.cert }, /certificate: expected DER as a Uint8Array/],
    ["certificate is asynchronous", { certificate: async () => client.raw }, /certificate: expected DER/],
    ["trustedProxy is asynchronous", { trustedProxy: async () => true }, /trustedProxy: expected true or false/],
  ])("is a fault of the server if %s: 500, and the report says what was expected", async (_, options, message) => {
    const errors: Array<unknown> = []
    await using api = await listen({ ...options, onError: (error) => errors.push(error) })
    expect(await send(api.port, {})).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
  })
})
