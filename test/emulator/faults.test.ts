import { request } from "node:http"
import { connect } from "node:net"
import { type FaultRule, type OryEmulator, startOidc, startOry } from "@latchkey/testing"
import { afterEach, beforeAll, describe, expect, it } from "vitest"

let ory: OryEmulator
beforeAll(async () => {
  ory = await startOry()
  return () => ory.close()
})
afterEach(() => ory.faults.clear())

const alive = "/health/alive"
const add = (fault: FaultRule["fault"], more: Omit<FaultRule, "fault"> = {}) =>
  ory.faults.add({ path: alive, ...more, fault })
const get = (signal?: AbortSignal) =>
  fetch(`${ory.publicUrl}${alive}`, { redirect: "manual", ...(signal && { signal }) })
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "no failure",
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
  )

/** Returns every byte that the server writes to the socket, as text. */
const bytesOf = (path: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(ory.publicUrl).port), "127.0.0.1")
    let text = ""
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1")
    })
    socket.on("end", () => resolve(text))
    socket.on("error", reject)
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
  })

describe("a fault", () => {
  it("skips `skip` matching requests and applies to the next `times`", async () => {
    add({ kind: "status", status: 429, headers: { "retry-after": "3" }, body: "slow down" }, { skip: 1, times: 2 })
    expect((await get()).status).toBe(200)
    const throttled = await get()
    expect([throttled.status, throttled.headers.get("retry-after"), await throttled.text()]).toEqual([
      429,
      "3",
      "slow down",
    ])
    expect((await fetch(`${ory.publicUrl}/health/ready`)).status).toBe(200)
    expect((await get()).status).toBe(429)
    expect((await get()).status).toBe(200)
  })

  it("matches by method and by regular expression, and ends with clear", async () => {
    ory.faults.add({ method: "POST", path: /^\/health\//g, times: Number.POSITIVE_INFINITY, fault: { kind: "html" } })
    expect((await get()).headers.get("content-type")).toContain("application/json")
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const response = await fetch(`${ory.publicUrl}${alive}`, { method: "POST" })
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html"])
    }
    ory.faults.clear()
    expect((await fetch(`${ory.publicUrl}${alive}`, { method: "POST" })).status).toBe(405)
  })

  it("of kind latency only delays the next fault or the real response", async () => {
    add({ kind: "latency", ms: 30 })
    const started = performance.now()
    expect(await (await get()).json()).toEqual({ status: "ok" })
    expect(performance.now() - started).toBeGreaterThan(25)
  })

  it("of kind reset, truncate or raw breaks the connection or the HTTP syntax", async () => {
    add({ kind: "reset" })
    expect(await failure(get())).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    add({ kind: "truncate" })
    const truncated = await get()
    expect(truncated.status).toBe(200)
    expect(await failure(truncated.text())).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    add({ kind: "raw", bytes: "HTTP/1.1 2x0 What\r\n\r\n" })
    expect(await bytesOf(alive)).toBe("HTTP/1.1 2x0 What\r\n\r\n")
    add({ kind: "raw", bytes: "HTTP/1.1 2x0 What\r\n\r\n" })
    expect(await failure(get())).not.toBe("no failure")
  })

  it("of kind cut-json, huge or redirect replaces the response", async () => {
    add({ kind: "cut-json" })
    expect(await failure((await get()).json())).toBe("SyntaxError")
    add({ kind: "huge", bytes: 300_000 })
    expect((await (await get()).text()).length).toBeGreaterThan(300_000)
    add({ kind: "redirect", location: "http://127.0.0.1:1/elsewhere" })
    const moved = await get()
    expect([moved.status, moved.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/elsewhere"])
  })

  it("of kind hang or drip lasts until the client disconnects", async () => {
    add({ kind: "hang" })
    expect(await failure(get(AbortSignal.timeout(60)))).toBe("TimeoutError")
    add({ kind: "drip", everyMs: 5 })
    const chunks = await new Promise<number>((resolve, reject) => {
      const outgoing = request(`${ory.publicUrl}${alive}`, (response) => {
        let count = 0
        response.on("data", () => {
          count += 1
          if (count < 4) return
          resolve(count)
          outgoing.destroy()
        })
      })
      outgoing.on("error", reject)
      outgoing.end()
    })
    expect(chunks).toBe(4)
  })

  it("ends when its server closes", async () => {
    const server = await startOry()
    server.faults.add({ fault: { kind: "hang" } })
    const pending = failure(fetch(server.publicUrl))
    await expect.poll(() => server.requests.length).toBe(1)
    await server.close()
    expect(await pending).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
  })
})

describe("a request", () => {
  it("is recorded with its side, its headers and its body", async () => {
    await fetch(`${ory.adminUrl}/admin/clients?x=1`, { method: "POST", body: "{", headers: { "x-trace": "7" } })
    expect(ory.requests.at(-1)).toMatchObject({
      side: "admin",
      method: "POST",
      path: "/admin/clients",
      query: "x=1",
      body: "{",
      status: 400,
      headers: { "x-trace": "7" },
    })
  })
})

describe("a fault of the standard provider", () => {
  it("replaces the next response, and no later one", async () => {
    await using oidc = await startOidc()
    oidc.faults.add({ fault: { kind: "status", status: 503 } })
    const url = `${oidc.issuer}/.well-known/openid-configuration`
    expect((await fetch(url)).status).toBe(503)
    expect((await fetch(url)).status).toBe(200)
  })
})
