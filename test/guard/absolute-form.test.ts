/** Requests whose target is a whole URL (RFC 9112 section 3.2.2): its path counts, and its host does not. */

import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { pathOf } from "../../src/guard/target.ts"
import type { Running } from "./case.ts"
import { document, path, servers } from "./metadata-servers.ts"
import { rawRequest, sendRaw } from "./raw.ts"

describe.each(Object.entries(servers))("the metadata route of %s", (_, start) => {
  let running: Running
  beforeAll(async () => {
    running = await start()
  })
  afterAll(() => running.close())
  const ask = (target: string) => sendRaw(running.port ?? 0, rawRequest(`GET ${target}`))

  it.each([
    ["a whole URL", `http://evil.example${path}`],
    ["a whole URL with a query", `http://evil.example${path}?a=1`],
    ["a path", path],
  ])("answers %s of another host with the same document", async (_name, target) => {
    const { status, head, body } = await ask(target)
    expect(status).toBe(200)
    expect(body).toContain(document)
    expect(head + body).not.toContain("evil")
  })

  it("does not answer a URL whose host looks like the path", async () => {
    expect((await ask(`http://${path.slice(1)}/`)).status).not.toBe(200)
  })
})

describe("the path of a target", () => {
  it.each([
    ["/orders?a=1", "/orders"],
    ["http://evil.example/orders?a=/b", "/orders"],
    ["HTTPS://evil.example:8080/orders", "/orders"],
    ["http://user@evil.example/orders", "/orders"],
    ["http://evil.example", "/"],
    ["http://evil.example?a=1", "/"],
    ["//evil.example/orders", "//evil.example/orders"],
    ["*", "*"],
  ])("of %s is %s", (target, expected) => {
    expect(pathOf(target)).toBe(expected)
  })
})
