import { request } from "node:http"
import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { answerOf, bearer, get, introspect, post, shop, world } from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed: world, sandbox: true })
})
afterAll(() => polar.close())

const token = "/v1/oauth2/token"

/** Sends a POST by hand: the status that answers. */
const raw = (headers: Record<string, string>, body: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${polar.apiUrl}${token}`, { method: "POST", headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on("error", reject)
    asked.end(body)
  })

describe("every path", () => {
  it("refuses a bearer that is no good before it looks at anything else", async () => {
    for (const path of [token, "/v1/oauth2/introspect", "/.well-known/jwks.json", "/nowhere"]) {
      const { status, json } = await post(polar, path, shop, bearer("stale"))
      expect([status, json.error]).toEqual([401, "invalid_token"])
    }
    expect((await get(polar, "/.well-known/jwks.json", bearer("polar_crt_any"))).status).toBe(200)
    expect((await introspect(polar, "x")).json).toEqual({ active: false })
  })

  it("wants a length of every body", async () => {
    expect(await raw({ "transfer-encoding": "chunked" }, "grant_type=x")).toBe(411)
    expect(await raw({ "content-length": "12" }, "grant_type=x")).toBe(400)
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode("a=b"))
        controller.close()
      },
    })
    const streamed: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" }
    const { status, json } = await answerOf(fetch(`${polar.apiUrl}${token}`, streamed))
    expect([status, json]).toEqual([411, { error: "LengthRequired", detail: "A Content-Length header is required." }])
  })

  it("redirects when a slash is too many or too few", async () => {
    const moved = await post(polar, `${token}/?a=b`, shop)
    expect([moved.status, moved.headers.get("location"), moved.text]).toEqual([307, `${polar.apiUrl}${token}?a=b`, ""])
    expect((await get(polar, "/v1/oauth2")).headers.get("location")).toBe(`${polar.apiUrl}/v1/oauth2/`)
  })

  it("says in the framework's words what is missing", async () => {
    const nowhere = await get(polar, "/v1/nowhere")
    expect([nowhere.status, nowhere.json]).toEqual([404, { detail: "Not Found" }])
    const wrong = await get(polar, token)
    expect([wrong.status, wrong.json, wrong.headers.get("allow")]).toEqual([
      405,
      { detail: "Method Not Allowed" },
      "POST",
    ])
  })

  it("names its version, and does not exist in an unknown one", async () => {
    const keys = "/.well-known/jwks.json"
    const { headers } = await get(polar, keys)
    expect(headers.get("polar-version")).toBe("2026-04")
    expect([headers.get("cache-control"), headers.get("x-polar-sandbox")]).toEqual(["private, no-store", "1"])
    expect((await get(polar, keys, { "polar-version": "2027-01" })).headers.get("polar-version")).toBe("2027-01")
    const unknown = await get(polar, keys, { "polar-version": "1999-01" })
    expect([unknown.status, unknown.json]).toEqual([404, { detail: "Not Found" }])
    expect(unknown.headers.has("polar-version")).toBe(false)
  })

  it("is still found under the old prefix, with a notice", async () => {
    const { status, headers } = await post(polar, `/api${token}`, shop)
    expect(status).toBe(400)
    expect(headers.has("x-polar-deprecation-notice")).toBe(true)
  })

  it("lets pages of any origin in", async () => {
    const asked = { origin: "https://app.example", "access-control-request-method": "POST" }
    const early = await answerOf(fetch(`${polar.apiUrl}${token}`, { method: "OPTIONS", headers: asked }))
    expect([early.status, early.headers.get("access-control-allow-origin")]).toEqual([200, "*"])
    expect((await post(polar, token, shop, asked)).headers.get("access-control-expose-headers")).toBe("Polar-Version")
  })

  it("wants TLS of a host that is not this machine", async () => {
    expect(await raw({ host: "polar.example", "content-length": "0" }, "")).toBe(400)
  })
})

describe("the fault script", () => {
  it("plays the vendor's rate limit: no body, no type, the whole window", async () => {
    polar.faults.add({ path: token, fault: { kind: "status", status: 429, headers: { "retry-after": "60" } } })
    const { status, text, headers } = await post(polar, token, shop)
    expect([status, text, headers.get("retry-after"), headers.get("content-type")]).toEqual([429, "", "60", null])
    expect(polar.requests.at(-1)).toMatchObject({ method: "POST", path: token, status: 429 })
    expect((await post(polar, token, shop)).status).toBe(400)
  })
})
