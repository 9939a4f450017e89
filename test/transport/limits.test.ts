import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { asJson, drip, endless, head, http, raw, respond } from "../bad-days/scripts.ts"
import { open, transports } from "./transports.ts"

const maxBytes = 1000
const tooLarge = { _tag: "UnexpectedResponse", status: 200, detail: "the body is larger than 1000 bytes" }

describe.concurrent.each(transports)("the $name transport", ({ make }) => {
  it("rejects a body whose Content-Length is over the limit, before the body arrives", async () => {
    await using server = await scripted(raw(head(200, { ...asJson, "content-length": "1001" })))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, { maxBytes, timeout: 300 })).toEqual(tooLarge)
    await server.released()
  })

  it("rejects a body of unknown length when its bytes exceed the limit", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless(`100\r\n${"x".repeat(256)}\r\n`), 1))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, { maxBytes })).toEqual(tooLarge)
    await server.released()
  })

  it("counts bytes, not characters", async () => {
    const start = `${head(200, asJson)}`
    await using server = await scripted(({ socket }) => void socket.end(`${start}${"é".repeat(501)}`))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, { maxBytes })).toEqual(tooLarge)
  })

  it("accepts a body of exactly the limit", async () => {
    await using server = await scripted(respond(200, "x".repeat(maxBytes)))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url, { maxBytes })).toMatchObject({ status: 200, body: "x".repeat(maxBytes) })
  })

  it("limits the size of the headers", async () => {
    await using server = await scripted(drip("HTTP/1.1 200 OK\r\n", endless(`x-fill: ${"x".repeat(8000)}\r\n`), 1))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toHaveProperty("_tag")
    await server.released()
  })

  it("rejects an unsolicited compressed body", async () => {
    const zipped = gzipSync('{"active":true}')
    await using server = await scripted(({ socket }) => {
      socket.write(head(200, { ...asJson, "content-encoding": "gzip", "content-length": String(zipped.length) }))
      socket.write(zipped)
    })
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ _tag: "UnexpectedResponse", status: 200 })
  })

  it("requests no compression", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    await transport.send(server.url)
    expect((await server.request(1)).headers["accept-encoding"] ?? "identity").toBe("identity")
  })

  it("decodes characters whose bytes arrive in different chunks", async () => {
    const body = Buffer.from("é€😀")
    const start = head(200, { ...asJson, "content-length": String(body.length) })
    const bytes = Array.from(body, (byte) => Uint8Array.of(byte))
    await using server = await scripted(drip(start, bytes, 5))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: "é€😀" })
  })

  it.each([204, 205, 304])("reads the empty body of a %i, and the next response", async (status) => {
    await using server = await scripted(raw(head(status, status === 205 ? { "content-length": "0" } : {})))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ status, body: "" })
    server.play(respond(200, "next"))
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: "next" })
  })

  it("reads an empty body of status 200", async () => {
    await using server = await scripted(respond(200, ""))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: "" })
  })

  it.each(["link", "x-mine", "set-cookie"])("joins a repeated %s header with a comma", async (name) => {
    const repeated = `HTTP/1.1 200 OK\r\n${name}: one\r\n${name.toUpperCase()}: two\r\ncontent-length: 0\r\n\r\n`
    await using server = await scripted(raw(repeated))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ headers: { [name]: "one, two" } })
  })

  it("sends the given method, headers and body", async () => {
    await using server = await scripted(respond(200))
    await using transport = open(make, server.url)
    const body = "token=a%20b&é"
    await transport.send(`${server.url}/a%20b?c=d`, { method: "PUT", body, headers: { "x-mine": "yes" } })
    expect(await server.request(1)).toMatchObject({
      method: "PUT",
      path: "/a%20b?c=d",
      body,
      headers: { "x-mine": "yes" },
    })
  })

  it("matches 200 concurrent responses to their requests", async () => {
    await using server = await scripted((request) => void request.socket.write(http(200, request.path)))
    await using transport = open(make, server.url)
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`)
    const responses = await Promise.all(paths.map((path) => transport.send(`${server.url}${path}`)))
    expect(responses.map((response) => "body" in response && response.body)).toEqual(paths)
  })
})
