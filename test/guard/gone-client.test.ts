/** A client that goes away while the vendor is asked, and many requests on one connection. */
import { once } from "node:events"
import { Agent, get } from "node:http"
import { constants, createServer as createHttp2Server, connect as http2Connect } from "node:http2"
import { type AddressInfo, connect } from "node:net"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Introspector } from "../../src/guard/introspector.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { webGuard } from "../../src/guard/web.ts"
import type { TokenState } from "../../src/ports/introspection.ts"
import { bindings } from "./bindings.ts"
import type { Case } from "./case.ts"
import { active, token } from "./row.ts"

const onSockets = bindings.filter(({ name }) => !/in the process|app\.fetch/.test(name))

/** A client that hangs until it is interrupted, for every token but "good". */
const hanging = (api: "promise" | "effect") => {
  const seen = { asked: 0, interrupted: 0 }
  const state: TokenState = active()
  const introspect: Introspector["introspect"] = (presented, options) => {
    if (presented === "good") return api === "promise" ? Promise.resolve(state) : Effect.succeed(state)
    seen.asked += 1
    if (api === "effect")
      return Effect.onInterrupt(Effect.never, () =>
        Effect.sync(() => {
          seen.interrupted += 1
        }),
      )
    const signal = options?.signal
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        seen.interrupted += 1
        reject(signal.reason)
      })
    })
  }
  // Clients of the Promise API can be disposed of: the guard recognises them by that.
  const disposable = api === "promise" ? { [Symbol.asyncDispose]: async () => undefined } : {}
  return { seen, auth: { id: "stub", introspect, ...disposable } }
}

const unhandled: Array<unknown> = []
const warnings: Array<Error> = []
const onUnhandled = (reason: unknown) => unhandled.push(reason)
const onWarning = (warning: Error) => warnings.push(warning)

beforeEach(() => {
  unhandled.length = 0
  warnings.length = 0
  process.on("unhandledRejection", onUnhandled)
  process.on("warning", onWarning)
})
afterEach(() => {
  process.off("unhandledRejection", onUnhandled)
  process.off("warning", onWarning)
})

const apis = ["promise", "effect"] as const

describe.each(onSockets)("$name", ({ start }) => {
  it.each(apis)("interrupts the request to the vendor when the client goes away (%s API)", async (api) => {
    const { seen, auth } = hanging(api)
    const reports: Array<unknown> = []
    const report = (value: unknown) => void reports.push(value)
    const route: Case = {
      path: "/orders",
      method: "GET",
      auth,
      options: { onRefusal: report, onError: report },
      needs: {},
    }
    const { port = 0, send, close } = await start([route])
    const socket = connect(port, "127.0.0.1")
    socket.write(`GET /orders HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer ${token}\r\n\r\n`)
    await vi.waitFor(() => expect(seen.asked).toBe(1))
    expect(seen.interrupted).toBe(0)
    socket.destroy()
    await vi.waitFor(() => expect(seen.interrupted).toBe(1))
    // The server is well: the next request is answered.
    const next = await send({ method: "GET", target: "/orders", lines: [["Authorization", "Bearer good"]] })
    expect(next.status).toBe(200)
    await close()
    expect(reports).toEqual([])
    expect(unhandled).toEqual([])
  })

  it("keeps no listener of a thousand requests on one connection", async () => {
    const auth: Introspector = {
      id: "stub",
      [Symbol.asyncDispose]: async () => undefined,
      introspect: async (_: string, options?: { readonly signal?: AbortSignal }) =>
        options?.signal === undefined ? { active: false } : active(),
    } as Introspector
    const { port = 0, close } = await start([{ path: "/orders", method: "GET", auth, options: {}, needs: {} }])
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const headers = { authorization: `Bearer ${token}` }
    const sockets = new Set<unknown>()
    for (let count = 0; count < 1000; count += 1) {
      const request = get({ port, host: "127.0.0.1", path: "/orders", agent, headers })
      const [response] = await once(request, "response")
      sockets.add(response.socket)
      response.resume()
      await once(response, "end")
      if (response.statusCode !== 200) expect.unreachable(`status ${response.statusCode}`)
    }
    agent.destroy()
    await close()
    expect(sockets.size).toBe(1)
    expect(warnings).toEqual([])
  })
})

describe("a client that disconnects", () => {
  it("interrupts the request to the vendor of a web handler", async () => {
    const { seen, auth } = hanging("promise")
    const reports: Array<unknown> = []
    const protect = webGuard(auth, { onRefusal: (refusal) => reports.push(refusal) })
    const controller = new AbortController()
    const headers = { authorization: `Bearer ${token}` }
    const request = new Request("https://api.example/orders", { headers, signal: controller.signal })
    const response = protect({}, () => new Response("orders"))(request)
    controller.abort()
    // Nobody reads this response, but it must not let the request pass.
    expect((await response).status).toBe(503)
    expect(seen).toEqual({ asked: 1, interrupted: 1 })
    expect(reports).toEqual([])
  })

  it("interrupts the request to the vendor of a stream of HTTP/2, and is reported to no hook", async () => {
    const { seen, auth } = hanging("promise")
    const report = vi.fn()
    const server = createHttp2Server(nodeGuard(auth, { onRefusal: report, onError: report })(() => undefined) as never)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const client = http2Connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const stream = client.request({ ":path": "/orders", authorization: `Bearer ${token}` })
    await vi.waitFor(() => expect(seen.asked).toBe(1))
    stream.close(constants.NGHTTP2_CANCEL)
    await vi.waitFor(() => expect(seen.interrupted).toBe(1))
    await new Promise(setImmediate)
    expect(report).not.toHaveBeenCalled()
    client.destroy()
    server.close()
  })

  it.each(apis)("before the check begins ends it at once (%s API)", async (api) => {
    const { seen, auth } = hanging(api)
    const check = nodeGuard(auth).check({})
    const request = { method: "GET", url: "/", rawHeaders: ["Authorization", `Bearer ${token}`], socket: {} }
    const decision = await check(request as never, { closed: true, once: () => undefined } as never)
    expect(decision.ok ? "passed" : decision.refusal.situation).toBe("client-gone")
    expect(seen.asked).toBe(1)
  })
})
