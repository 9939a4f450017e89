/** Row 31: the protected resource metadata in every binding (RFC 9728 section 3). */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Running } from "./case.ts"
import { document, path, servers } from "./metadata-servers.ts"

describe.each(Object.entries(servers))("the metadata route of %s", (_, start) => {
  let running: Running
  beforeAll(async () => {
    running = await start()
  })
  afterAll(() => running.close())
  const ask = (method: string, target = path) => running.send({ method, target, lines: [] })

  it.each(["GET", "HEAD"])("answers %s with the document that every page may read", async (method) => {
    expect(await ask(method)).toEqual({
      status: 200,
      headers: [
        ["access-control-allow-origin", "*"],
        ["cache-control", "max-age=3600"],
        ["content-type", "application/json"],
      ],
      body: method === "HEAD" ? "" : document,
    })
  })

  it("ignores a query", async () => {
    expect((await ask("GET", `${path}?a=1`)).body).toBe(document)
  })

  it("answers a preflight request", async () => {
    const { status, headers, body } = await ask("OPTIONS")
    expect({ status, body }).toEqual({ status: 204, body: "" })
    expect(headers).toContainEqual(["access-control-allow-methods", "GET, HEAD"])
    expect(headers).toContainEqual(["access-control-allow-origin", "*"])
  })

  it.each(["POST", "PUT", "DELETE"])("refuses %s with 405", async (method) => {
    const { status, headers, body } = await ask(method)
    expect({ status, body }).toEqual({ status: 405, body: "" })
    expect(headers).toContainEqual(["allow", "GET, HEAD, OPTIONS"])
  })

  it.each(["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/v1"])(
    "does not answer for another mount: %s",
    async (target) => {
      expect((await ask("GET", target)).status).toBe(404)
    },
  )
})
