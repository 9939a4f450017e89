/** What strangers send to a protected route, byte by byte, over real sockets: nothing but one good token passes. */
import { createServer } from "node:http"
import { performance } from "node:perf_hooks"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { nodeGuard } from "../../src/guard/node.ts"
import { bindings } from "./bindings.ts"
import type { Running } from "./case.ts"
import { listening } from "./listening.ts"
import { rawRequest, sendRaw } from "./raw.ts"
import { active, token } from "./row.ts"

const path = "/orders"
const good = `Authorization: Bearer ${token}`

/** A client that knows one token. */
const knowing = () => {
  const asked: Array<string> = []
  const introspect = async (text: string) => {
    asked.push(text)
    return text === token ? active() : ({ active: false } as const)
  }
  return { id: "stub", asked, introspect }
}

const get = (...lines: ReadonlyArray<string>): string => rawRequest(`GET ${path}`, ...lines)

/** The status, and whether the vendor may be asked. */
const attacks: Readonly<Record<string, readonly [bytes: string, ...statuses: ReadonlyArray<number>]>> = {
  "two Authorization lines, the good one first": [get(good, "Authorization: Bearer other"), 400],
  "two Authorization lines, the good one last": [get("Authorization: Bearer other", good), 400],
  "two equal Authorization lines, one in capitals": [
    get(good, good.toUpperCase().replace(/ .*/, ` Bearer ${token}`)),
    400,
  ],
  "an empty Authorization line before the good one": [get("Authorization:", good), 400],
  "a line of another scheme before the good one": [get("Authorization: Basic YTpi", good), 400],
  "two tokens in one line": [get(`${good}, Bearer ${token}`), 400],
  "another scheme and a token in one line": [get(`Authorization: Basic YTpi, Bearer ${token}`), 400],
  "a token and a comma": [get(`${good},`), 400],
  "a tab for the space": [get(`Authorization: Bearer\t${token}`), 401],
  "a tab after the space": [get(`Authorization: Bearer \t${token}`), 400],
  "a non-breaking space after the space": [get(`Authorization: Bearer \u00a0${token}`), 400],
  "a token in quotes": [get(`Authorization: Bearer "${token}"`), 400],
  "a token on a continuation line": [get("Authorization: Bearer", ` ${token}`), 400, 401],
  "a bare line feed in the value": [get(`Authorization: Bearer a\n${good}`), 400],
  "a bare carriage return in the value": [get(`Authorization: Bearer \r${token}`), 400],
  "a NUL in the value": [get(`${good}\0`), 400],
  "a space before the colon": [get(`Authorization : Bearer ${token}`), 400],
  "a line that begins with a space": [get(` ${good}`), 400, 401],
  "the token in Proxy-Authorization": [get(`Proxy-Authorization: Bearer ${token}`), 401],
  "the token in X-Authorization": [get(`X-Authorization: Bearer ${token}`), 401],
  "the token in a cookie": [get(`Cookie: Authorization=Bearer ${token}; access_token=${token}`), 401],
  "the token in a trailer": [`${get("Transfer-Encoding: chunked", "Trailer: Authorization")}0\r\n${good}\r\n\r\n`, 401],
  "the token in a form": [
    `${get("Content-Type: application/x-www-form-urlencoded", `Content-Length: ${13 + token.length}`)}access_token=${token}`,
    401,
  ],
  "the method OPTIONS in an override header": [
    get("X-HTTP-Method-Override: OPTIONS", "Origin: https://a.example", "Access-Control-Request-Method: GET"),
    401,
  ],
  "an upgrade without a token": [
    get(
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ),
    401,
  ],
  "the token in the user part of a whole URL": [rawRequest(`GET http://${token}@api.example${path}`), 401],
  "the token in the query": [rawRequest(`GET ${path}?access_token=${token}`), 401],
  "the token in the query with an encoded name": [rawRequest(`GET ${path}?acces%73_token=${token}`, good), 400],
  "a token of 12,000 characters": [get(`Authorization: Bearer ${"a".repeat(12_000)}`), 401],
  "a token of 20,000 characters, which Node refuses": [get(`Authorization: Bearer ${"a".repeat(20_000)}`), 431],
}

describe.each(bindings.filter(({ name }) => !/process|fetch/.test(name)))("$name", ({ start }) => {
  const auth = knowing()
  let running: Running
  beforeAll(async () => {
    running = await start([{ path, method: "GET", auth, options: {}, needs: {} }])
  })
  afterAll(() => running.close())

  it("lets the good token pass", async () => {
    const { status, body } = await sendRaw(running.port ?? 0, get(good))
    expect(status).toBe(200)
    expect(body).toContain('"alice"')
  })

  it.each(Object.entries(attacks))("refuses %s", async (_, [bytes, ...statuses]) => {
    auth.asked.length = 0
    const { status, head, body } = await sendRaw(running.port ?? 0, bytes)
    expect(statuses).toContain(status)
    expect(head + body).not.toContain(token)
    expect(auth.asked).toEqual([])
  })
})

describe("a server that accepts headers of two megabytes", () => {
  it.each([
    ["a token of one megabyte", "a".repeat(1_000_000)],
    ["a megabyte of commas", ",".repeat(1_000_000)],
    ["a megabyte of schemes", "Bearer ,".repeat(125_000)],
    ["a megabyte of spaces and a comma", `${" ".repeat(1_000_000)},`],
    ["a megabyte of equals signs", `a${"=".repeat(1_000_000)},`],
  ])("refuses %s within half a second, without asking the vendor", async (_, value) => {
    const auth = knowing()
    const server = createServer(
      { maxHeaderSize: 2_000_000 },
      nodeGuard(auth)(() => undefined),
    )
    const running = await listening(server)
    const start = performance.now()
    const { status } = await sendRaw(running.port ?? 0, get(`Authorization: Bearer ${value}`))
    expect([400, 401]).toContain(status)
    expect(performance.now() - start).toBeLessThan(500)
    expect(auth.asked).toEqual([])
    await running.close()
  })
})
