import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { answer, asJson, drip, endless, head, http, raw } from "../bad-days/scripts.ts"
import { doors, open } from "./doors.ts"

const maxBytes = 1000
const tooLarge = { _tag: "UnexpectedResponse", status: 200, detail: "the body is larger than 1000 bytes" }

describe.concurrent.each(doors)("the $door door bounds what it reads", ({ make }) => {
  it("refuses a body by its announced length, before a byte of it has come", async () => {
    await using server = await scripted(raw(head(200, { ...asJson, "content-length": "1001" })))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, { maxBytes, timeout: 300 })).toEqual(tooLarge)
    await server.released()
  })

  it("refuses a body by counting it when its length was not announced", async () => {
    const start = head(200, { ...asJson, "transfer-encoding": "chunked" })
    await using server = await scripted(drip(start, endless(`100\r\n${"x".repeat(256)}\r\n`), 1))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, { maxBytes })).toEqual(tooLarge)
    await server.released()
  })

  it("counts bytes, not characters", async () => {
    const start = `${head(200, asJson)}`
    await using server = await scripted(({ socket }) => void socket.end(`${start}${"é".repeat(501)}`))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, { maxBytes })).toEqual(tooLarge)
  })

  it("accepts a body of exactly the bound", async () => {
    await using server = await scripted(answer(200, "x".repeat(maxBytes)))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url, { maxBytes })).toMatchObject({ status: 200, body: "x".repeat(maxBytes) })
  })

  it("bounds the headers, too", async () => {
    await using server = await scripted(drip("HTTP/1.1 200 OK\r\n", endless(`x-fill: ${"x".repeat(8000)}\r\n`), 1))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toHaveProperty("_tag")
    await server.released()
  })

  it("refuses a compressed body, which nobody asked for", async () => {
    const zipped = gzipSync('{"active":true}')
    await using server = await scripted(({ socket }) => {
      socket.write(head(200, { ...asJson, "content-encoding": "gzip", "content-length": String(zipped.length) }))
      socket.write(zipped)
    })
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ _tag: "UnexpectedResponse", status: 200 })
  })

  it("asks for no compression", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    expect((await server.request(1)).headers["accept-encoding"] ?? "identity").toBe("identity")
  })

  it("reads characters whose bytes come in different pieces", async () => {
    const body = Buffer.from("é€😀")
    const start = head(200, { ...asJson, "content-length": String(body.length) })
    const bytes = Array.from(body, (byte) => Uint8Array.of(byte))
    await using server = await scripted(drip(start, bytes, 5))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: "é€😀" })
  })

  it.each([204, 205, 304])("reads the empty body of a %i, and the answer after it", async (status) => {
    await using server = await scripted(raw(head(status, status === 205 ? { "content-length": "0" } : {})))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ status, body: "" })
    server.play(answer(200, "next"))
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: "next" })
  })

  it("reads an empty body of status 200", async () => {
    await using server = await scripted(answer(200, ""))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: "" })
  })

  it.each(["link", "x-mine", "set-cookie"])("joins a repeated %s header with a comma", async (name) => {
    const repeated = `HTTP/1.1 200 OK\r\n${name}: one\r\n${name.toUpperCase()}: two\r\ncontent-length: 0\r\n\r\n`
    await using server = await scripted(raw(repeated))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ headers: { [name]: "one, two" } })
  })

  it("sends method, headers and body as they were given", async () => {
    await using server = await scripted(answer(200))
    await using opened = open(make, server.url)
    const body = "token=a%20b&é"
    await opened.ask(`${server.url}/a%20b?c=d`, { method: "PUT", body, headers: { "x-mine": "yes" } })
    expect(await server.request(1)).toMatchObject({
      method: "PUT",
      path: "/a%20b?c=d",
      body,
      headers: { "x-mine": "yes" },
    })
  })

  it("gives each of 200 requests at once its own answer", async () => {
    await using server = await scripted((asked) => void asked.socket.write(http(200, asked.path)))
    await using opened = open(make, server.url)
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`)
    const answers = await Promise.all(paths.map((path) => opened.ask(`${server.url}${path}`)))
    expect(answers.map((each) => "body" in each && each.body)).toEqual(paths)
  })
})
