/** Responses that a guard cannot change: those that the application has begun, and those that no copy can be made of. */
import { createServer } from "node:http"
import { Hono } from "hono"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { webGuard } from "../../src/guard/web.ts"
import { clientKey, proof, request } from "./dpop/proof-maker.ts"
import { listening } from "./listening.ts"
import { active } from "./row.ts"
import { sendTo } from "./send.ts"
import { stubAuth } from "./stub-auth.ts"

const key = await clientKey()
const auth = stubAuth(active({ confirmation: { jkt: key.jkt } }))
const publicUrl = "https://api.example"
const options = { publicUrl, dpop: { nonce: { secret: "a secret that has 32 characters." } } }
const needs = { scopes: ["orders:read"] }

/** A nonce that is past half its life, so that the response to a request that passes brings a new one. */
const agingNonce = async (): Promise<string> => {
  vi.setSystemTime(Math.ceil(Date.now() / 60_000) * 60_000)
  const headers = { authorization: `DPoP ${request.token}`, dpop: proof(key) }
  const response = await webGuard(auth, options)(() => new Response())(
    new Request(request.url, { method: "POST", headers }),
  )
  vi.setSystemTime(Date.now() + 91_000)
  return response.headers.get("dpop-nonce") ?? ""
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

describe("a new nonce", () => {
  const ask = async (response: Response): Promise<Response> => {
    const headers = { authorization: `DPoP ${request.token}`, dpop: proof(key, { nonce: await agingNonce() }) }
    return webGuard(auth, options)(needs, () => response)(new Request(request.url, { method: "POST", headers }))
  }

  it("comes with the response of a web handler", async () => {
    const response = await ask(new Response("orders", { headers: { "cache-control": "max-age=60" } }))
    expect(response.headers.get("dpop-nonce")).toMatch(/^[\w-]{43}$/)
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(await response.text()).toBe("orders")
  })

  it("does not come with a response that cannot be copied, which is returned as it is", async () => {
    // An upgrade to a WebSocket is such a response too; only some platforms can make it.
    const response = Response.error()
    expect(await ask(response)).toBe(response)
  })

  it.each([
    ["comes with a response of Hono", () => new Response("orders"), 200, /^[\w-]{43}$/],
    ["does not come with a response of Hono that cannot be copied", () => Response.error(), 0, /^$/],
  ])("%s", async (_, respond, status, nonce) => {
    const app = new Hono().post("/orders", honoGuard(auth, options)(needs), respond)
    const headers = { authorization: `DPoP ${request.token}`, dpop: proof(key, { nonce: await agingNonce() }) }
    const response = await app.fetch(new Request(request.url, { method: "POST", headers }))
    expect(response.status).toBe(status)
    expect(response.headers.get("dpop-nonce") ?? "").toMatch(nonce)
  })

  it("does not come with a response of node:http that the application has begun", async () => {
    const unhandled = vi.fn()
    process.on("unhandledRejection", unhandled)
    const handled = vi.fn()
    const server = createServer((incoming, response) => {
      const introspect = async () => {
        response.writeHead(504).end("too late")
        return active({ confirmation: { jkt: key.jkt } })
      }
      nodeGuard({ id: "stub", introspect }, options)(needs, handled)(incoming, response)
    })
    const running = await listening(server)
    const lines = [
      ["Authorization", `DPoP ${request.token}`],
      ["DPoP", proof(key, { nonce: await agingNonce() })],
    ] as const
    const received = await sendTo(running.port ?? 0, { method: "POST", target: "/orders", lines })
    await new Promise(setImmediate)
    process.off("unhandledRejection", unhandled)
    await running.close()
    expect(received).toMatchObject({ status: 504, body: "too late" })
    expect(handled).toHaveBeenCalledTimes(1)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
