import { describe, expect, it } from "vitest"
import { scripted } from "../bad-days/scripted-server.ts"
import { answer, asJson, head, http, nobody, raw, rawThenClose, reset } from "../bad-days/scripts.ts"
import { doors, open } from "./doors.ts"

const statusOf = (found: object): unknown => ("_tag" in found ? undefined : "status" in found && found.status)

const unavailable = { _tag: "Unavailable" }

describe.each(doors)("the $door door names what broke", ({ make }) => {
  it("calls a refused connection unavailable", async () => {
    const url = await nobody()
    await using opened = open(make, url)
    expect(await opened.ask(url)).toEqual({ ...unavailable, detail: "connection refused" })
  })

  it("calls a host that has no address unavailable", async () => {
    await using opened = open(make)
    expect(await opened.ask("https://nobody.invalid/")).toMatchObject(unavailable)
  })

  it("calls a reset before the headers unavailable", async () => {
    await using server = await scripted(reset)
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject(unavailable)
  })

  it("calls a connection closed without an answer unavailable", async () => {
    await using server = await scripted(rawThenClose(""))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject(unavailable)
  })

  it("calls a connection closed in the middle of the headers unavailable", async () => {
    await using server = await scripted(rawThenClose("HTTP/1.1 200 OK\r\ncontent-ty"))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject(unavailable)
  })

  it("calls a reset after the headers unavailable", async () => {
    await using server = await scripted(({ socket }) => {
      socket.write(head(200, { ...asJson, "content-length": "10" }), () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      )
    })
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject(unavailable)
  })

  it.each([
    ["a body of known length", `${head(200, { ...asJson, "content-length": "20" })}{"active":`],
    ["a chunked body", `${head(200, { ...asJson, "transfer-encoding": "chunked" })}a\r\n{"active":\r\n`],
    ["a chunk", `${head(200, { ...asJson, "transfer-encoding": "chunked" })}14\r\n{"active":`],
  ])("calls %s that ends early unavailable, and gives none of it away", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject(unavailable)
  })

  it("takes the end of the connection for the end of a body that says nothing of its length", async () => {
    await using server = await scripted(rawThenClose(`${head(200, asJson)}{"a":1}`))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: '{"a":1}' })
  })

  it.each([
    "HTTP/1.1 102 Processing\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\ncontent-encoding: gzip\r\n\r\n",
  ])("waits for the real answer after %j", async (interim) => {
    await using server = await scripted(raw(interim + interim + http(200, "real")))
    await using opened = open(make, server.url)
    const found = await opened.ask(server.url)
    expect(found).toMatchObject({ status: 200, body: "real" })
    expect("headers" in found && found.headers).not.toHaveProperty("link")
  })

  // Both doors stand on undici here, which gives up on a 100 that nobody asked for.
  it("never takes an unasked 100 for the answer", async () => {
    await using server = await scripted(raw(`HTTP/1.1 100 Continue\r\n\r\n${http(200, "real")}`))
    await using opened = open(make, server.url)
    expect([200, undefined]).toContain(statusOf(await opened.ask(server.url)))
  })

  it.each([
    ["no HTTP at all", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["a status that is no number", "HTTP/1.1 abc OK\r\n\r\n"],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: sentinel\r\n\r\n"],
    ["a chunk of no size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nsentinel\r\n"],
  ])("calls %s broken HTTP, without a byte of it", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toEqual({ _tag: "UnexpectedResponse", detail: "broken HTTP" })
  })

  it.each([
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 8\r\ncontent-length: 9\r\n\r\nsentinel"],
    ["a length and chunks", "HTTP/1.1 200 OK\r\ncontent-length: 8\r\ntransfer-encoding: chunked\r\n\r\nsentinel"],
  ])("gives nothing of an answer with %s", async (_, bytes) => {
    await using server = await scripted(rawThenClose(bytes))
    await using opened = open(make, server.url)
    const found = await opened.ask(server.url)
    expect(found).toHaveProperty("_tag")
    expect(JSON.stringify(found)).not.toContain("sentinel")
  })

  it("does not use a connection again that the server closed in between", async () => {
    await using server = await scripted(({ socket }) => {
      socket.write(http(200, "first"), () => setTimeout(() => socket.end(), 5))
    })
    await using opened = open(make, server.url)
    await opened.ask(server.url)
    await new Promise((resolve) => setTimeout(resolve, 40))
    server.play(answer(200, "second"))
    expect(await opened.ask(server.url)).toMatchObject({ status: 200, body: "second" })
    expect(server.connections().opened).toBe(2)
  })

  it("does not take bytes that nobody asked for as the next answer", async () => {
    await using server = await scripted(raw(http(200, "mine") + http(200, "smuggled")))
    await using opened = open(make, server.url)
    expect(await opened.ask(server.url)).toMatchObject({ body: "mine" })
    server.play(answer(200, "mine too"))
    const second = await opened.ask(server.url)
    expect(second).not.toMatchObject({ body: "smuggled" })
  })
})
