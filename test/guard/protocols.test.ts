/** HTTP/2 and upgrade requests, which nodeGuard guards too. */
import { once } from "node:events"
import { createServer } from "node:http"
import { type ClientSessionOptions, connect, createServer as createHttp2Server } from "node:http2"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { nodeGuard } from "../../src/guard/node.ts"
import { rawRequest, sendRaw } from "./raw.ts"
import { active, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const portOf = (server: { readonly address: () => AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port

describe("HTTP/2", () => {
  const auth = stubAuth(active())
  const protect = nodeGuard(auth)
  const server = createHttp2Server()
  server.on(
    "request",
    protect((request, response) => response.end(request.auth.subject)),
  )
  beforeAll(async () => {
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
  })
  afterAll(() => void server.close())

  const ask = async (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) => {
    // Otherwise Node's client refuses to send two lines.
    const options: ClientSessionOptions & { readonly strictSingleValueFields: boolean } = {
      strictSingleValueFields: false,
    }
    const client = connect(`http://127.0.0.1:${portOf(server)}`, options)
    const stream = client.request({ ":path": "/orders", ...headers } as Record<string, string>)
    const [response] = await once(stream, "response")
    let body = ""
    for await (const chunk of stream.setEncoding("utf8")) body += chunk
    client.close()
    return { status: response[":status"], challenge: response["www-authenticate"], body }
  }

  it("lets a good token pass, with its principal", async () => {
    expect(await ask({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200, body: "alice" })
  })

  it("answers a request without credentials with the challenge", async () => {
    expect(await ask({})).toMatchObject({ status: 401, challenge: "Bearer" })
  })

  it("refuses two Authorization lines", async () => {
    expect(await ask({ authorization: [`Bearer ${token}`, "Bearer other"] })).toMatchObject({ status: 400 })
  })

  it("refuses a token in the query, also beside the header", async () => {
    const path = `/orders?access_token=${token}`
    expect((await ask({ ":path": path })).status).toBe(401)
    expect((await ask({ ":path": path, authorization: `Bearer ${token}` })).status).toBe(400)
  })

  it("answers HEAD without a body", async () => {
    expect(await ask({ ":method": "HEAD" })).toMatchObject({ status: 401, body: "" })
  })
})

describe("an upgrade request", () => {
  const upgrade = (...lines: ReadonlyArray<string>): string =>
    rawRequest("GET /events", "Connection: Upgrade", "Upgrade: websocket", ...lines)

  it.each([
    ["without credentials", [], "401"],
    ["with a good token", [`Authorization: Bearer ${token}`], "101"],
    ["with two tokens", [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`], "400"],
  ] as const)("%s is decided about before it is accepted, with its socket", async (_, lines, status) => {
    const check = nodeGuard(stubAuth(active())).check({ scopes: ["orders:read"] })
    const server = createServer()
    server.on("upgrade", async (request, socket) => {
      const decision = await check(request, socket)
      const accepted = decision.ok ? 101 : decision.refusal.status
      socket.end(`HTTP/1.1 ${accepted} -\r\n\r\n`)
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    expect((await sendRaw(portOf(server), upgrade(...lines))).head).toContain(status)
    server.close()
  })

  it("whose client disconnects is reported to no hook, and interrupts the request to the vendor", async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    const refused: Array<string> = []
    const introspect = (_: string, options?: { readonly signal?: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        options?.signal?.addEventListener("abort", () => {
          resolve()
          reject(new Error("interrupted"))
        })
      })
    const client = { id: "stub", introspect, [Symbol.asyncDispose]: async () => undefined }
    const check = nodeGuard(client, { onRefusal: ({ situation }) => refused.push(situation) }).check()
    const server = createServer()
    const decided = new Promise((done) => {
      server.on("upgrade", async (request, socket) => {
        setImmediate(() => socket.destroy())
        done(await check(request, socket))
      })
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    await sendRaw(portOf(server), upgrade(`Authorization: Bearer ${token}`))
    await aborted
    expect(await decided).toMatchObject({ ok: false, refusal: { situation: "client-gone" } })
    expect(refused).toEqual([])
    server.close()
  })
})
