import { request } from "node:http"
import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bearer, get, introspect, parse, post, seed, shop } from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed, sandbox: true })
})
afterAll(() => polar.close())

const tokenPath = "/v1/oauth2/token"

/** Sends a POST with exactly these headers and returns the response status. */
const raw = (headers: Record<string, string>, body: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(`${polar.apiUrl}${tokenPath}`, { method: "POST", headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    outgoing.on("error", reject)
    outgoing.end(body)
  })

describe("every path", () => {
  it("rejects an invalid bearer token before any other check", async () => {
    for (const path of [tokenPath, "/v1/oauth2/introspect", "/.well-known/jwks.json", "/nowhere"]) {
      const { status, json } = await post(polar, path, shop, bearer("stale"))
      expect([status, json.error]).toEqual([401, "invalid_token"])
    }
    expect((await get(polar, "/.well-known/jwks.json", bearer("polar_crt_any"))).status).toBe(200)
    expect((await introspect(polar, "x")).json).toEqual({ active: false })
  })

  it("requires a Content-Length for every body", async () => {
    expect(await raw({ "transfer-encoding": "chunked" }, "grant_type=x")).toBe(411)
    expect(await raw({ "content-length": "12" }, "grant_type=x")).toBe(400)
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode("a=b"))
        controller.close()
      },
    })
    const streamed: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" }
    const { status, json } = await parse(fetch(`${polar.apiUrl}${tokenPath}`, streamed))
    expect([status, json]).toEqual([411, { error: "LengthRequired", detail: "A Content-Length header is required." }])
  })

  it("redirects on an extra or a missing trailing slash", async () => {
    const moved = await post(polar, `${tokenPath}/?a=b`, shop)
    expect([moved.status, moved.headers.get("location"), moved.text]).toEqual([
      307,
      `${polar.apiUrl}${tokenPath}?a=b`,
      "",
    ])
    expect((await get(polar, "/v1/oauth2")).headers.get("location")).toBe(`${polar.apiUrl}/v1/oauth2/`)
  })

  it("returns the framework's errors for an unknown path or method", async () => {
    const nowhere = await get(polar, "/v1/nowhere")
    expect([nowhere.status, nowhere.json]).toEqual([404, { detail: "Not Found" }])
    const wrong = await get(polar, tokenPath)
    expect([wrong.status, wrong.json, wrong.headers.get("allow")]).toEqual([
      405,
      { detail: "Method Not Allowed" },
      "POST",
    ])
  })

  it("returns its version, and 404 for an unknown version", async () => {
    const keys = "/.well-known/jwks.json"
    const { headers } = await get(polar, keys)
    expect(headers.get("polar-version")).toBe("2026-04")
    expect([headers.get("cache-control"), headers.get("x-polar-sandbox")]).toEqual(["private, no-store", "1"])
    expect((await get(polar, keys, { "polar-version": "2027-01" })).headers.get("polar-version")).toBe("2027-01")
    const unknown = await get(polar, keys, { "polar-version": "1999-01" })
    expect([unknown.status, unknown.json]).toEqual([404, { detail: "Not Found" }])
    expect(unknown.headers.has("polar-version")).toBe(false)
  })

  it("is also served under the old prefix, with a deprecation notice", async () => {
    const { status, headers } = await post(polar, `/api${tokenPath}`, shop)
    expect(status).toBe(400)
    expect(headers.has("x-polar-deprecation-notice")).toBe(true)
  })

  it("allows requests from pages of any origin", async () => {
    const headers = { origin: "https://app.example", "access-control-request-method": "POST" }
    const preflight = await parse(fetch(`${polar.apiUrl}${tokenPath}`, { method: "OPTIONS", headers }))
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([200, "*"])
    expect((await post(polar, tokenPath, shop, headers)).headers.get("access-control-expose-headers")).toBe(
      "Polar-Version",
    )
  })

  it("requires TLS for a host that is not loopback", async () => {
    expect(await raw({ host: "polar.example", "content-length": "0" }, "")).toBe(400)
  })
})

describe("a fault", () => {
  it("imitates the vendor's rate limit: no body, no content type, the whole window", async () => {
    polar.faults.add({ path: tokenPath, fault: { kind: "status", status: 429, headers: { "retry-after": "60" } } })
    const { status, text, headers } = await post(polar, tokenPath, shop)
    expect([status, text, headers.get("retry-after"), headers.get("content-type")]).toEqual([429, "", "60", null])
    expect(polar.requests.at(-1)).toMatchObject({ method: "POST", path: tokenPath, status: 429 })
    expect((await post(polar, tokenPath, shop)).status).toBe(400)
  })
})
