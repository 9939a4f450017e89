import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { asJson, closedOrigin, head, http, raw, rawThenClose, reset, respond } from "../bad-days/scripts.ts"
import { open, transports } from "./transports.ts"

const statusOf = (outcome: object): unknown => ("_tag" in outcome ? undefined : "status" in outcome && outcome.status)

const unavailable = { _tag: "Unavailable" }

describe.each(transports)("the $name transport", ({ make }) => {
  it("reports a refused connection as unavailable", async () => {
    const url = await closedOrigin()
    await using transport = open(make, url)
    expect(await transport.send(url)).toEqual({ ...unavailable, detail: "connection refused" })
  })

  it("reports a host without an address as unavailable", async () => {
    await using transport = open(make)
    expect(await transport.send("https://nobody.invalid/")).toMatchObject(unavailable)
  })

  it("reports a reset before the headers as unavailable", async () => {
    await using server = await scripted(reset)
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject(unavailable)
  })

  it("reports a connection closed without a response as unavailable", async () => {
    await using server = await scripted(rawThenClose(""))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject(unavailable)
  })

  it("reports a connection closed in the middle of the headers as unavailable", async () => {
    await using server = await scripted(rawThenClose("HTTP/1.1 200 OK\r\ncontent-ty"))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject(unavailable)
  })

  it("reports a reset after the headers as unavailable", async () => {
    await using server = await scripted(({ socket }) => {
      socket.write(head(200, { ...asJson, "content-length": "10" }), () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      )
    })
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject(unavailable)
  })

  it.each([
    ["a body of known length", `${head(200, { ...asJson, "content-length": "20" })}{"active":`],
    ["a chunked body", `${head(200, { ...asJson, "transfer-encoding": "chunked" })}a\r\n{"active":\r\n`],
    ["a chunk", `${head(200, { ...asJson, "transfer-encoding": "chunked" })}14\r\n{"active":`],
  ])("reports %s that ends early as unavailable and discards it", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject(unavailable)
  })

  it("ends a body of unknown length when the connection closes", async () => {
    await using server = await scripted(rawThenClose(`${head(200, asJson)}{"a":1}`))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: '{"a":1}' })
  })

  it.each([
    "HTTP/1.1 102 Processing\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\ncontent-encoding: gzip\r\n\r\n",
  ])("waits for the final response after %j", async (interim) => {
    await using server = await scripted(raw(interim + interim + http(200, "real")))
    await using transport = open(make, server.url)
    const outcome = await transport.send(server.url)
    expect(outcome).toMatchObject({ status: 200, body: "real" })
    expect("headers" in outcome && outcome.headers).not.toHaveProperty("link")
  })

  // Both transports use undici here, which fails on an unsolicited 100.
  it("never returns an unsolicited 100 as the response", async () => {
    await using server = await scripted(raw(`HTTP/1.1 100 Continue\r\n\r\n${http(200, "real")}`))
    await using transport = open(make, server.url)
    expect([200, undefined]).toContain(statusOf(await transport.send(server.url)))
  })

  it.each([
    ["bytes that are not HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["a status that is not a number", "HTTP/1.1 abc OK\r\n\r\n"],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: sentinel\r\n\r\n"],
    ["a chunk without a size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nsentinel\r\n"],
  ])("reports %s as broken HTTP without repeating any of it", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toEqual({ _tag: "UnexpectedResponse", detail: "broken HTTP" })
  })

  it.each([
    ["two Content-Length headers", "HTTP/1.1 200 OK\r\ncontent-length: 8\r\ncontent-length: 9\r\n\r\nsentinel"],
    [
      "both Content-Length and Transfer-Encoding",
      "HTTP/1.1 200 OK\r\ncontent-length: 8\r\ntransfer-encoding: chunked\r\n\r\nsentinel",
    ],
  ])("discards a response with %s", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using transport = open(make, server.url)
    const outcome = await transport.send(server.url)
    expect(outcome).toHaveProperty("_tag")
    expect(JSON.stringify(outcome)).not.toContain("sentinel")
  })

  it("does not reuse a connection that the server has closed", async () => {
    await using server = await scripted(({ socket }) => {
      socket.write(http(200, "first"), () => setTimeout(() => socket.end(), 5))
    })
    await using transport = open(make, server.url)
    await transport.send(server.url)
    await new Promise((resolve) => setTimeout(resolve, 40))
    server.play(respond(200, "second"))
    expect(await transport.send(server.url)).toMatchObject({ status: 200, body: "second" })
    expect(server.connections().opened).toBe(2)
  })

  it("does not return unsolicited bytes as the next response", async () => {
    await using server = await scripted(raw(http(200, "mine") + http(200, "smuggled")))
    await using transport = open(make, server.url)
    expect(await transport.send(server.url)).toMatchObject({ body: "mine" })
    server.play(respond(200, "mine too"))
    const second = await transport.send(server.url)
    expect(second).not.toMatchObject({ body: "smuggled" })
  })
})
