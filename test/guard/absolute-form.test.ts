/** Requests whose target is a whole URL (RFC 9112 section 3.2.2): its path counts, and its host does not. */

import { createServer } from "node:http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeGuard } from "../../src/guard/guard.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { pathOf } from "../../src/guard/target.ts"
import type { Running } from "./case.ts"
import { clientKey, proof, request } from "./dpop/proof-maker.ts"
import { listening } from "./listening.ts"
import { document, path, servers } from "./metadata-servers.ts"
import { rawRequest, sendRaw } from "./raw.ts"
import { active } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

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
    ["ftp://evil.example/orders?a=1", "/orders"],
    ["m://evil.example", "/"],
    ["//evil.example/orders", "//evil.example/orders"],
    ["*", "*"],
  ])("of %s is %s", (target, expected) => {
    expect(pathOf(target)).toBe(expected)
  })
})

describe("the URL that a DPoP proof must name", () => {
  const urlOf = (target: string) =>
    makeGuard(stubAuth("unasked"), { publicUrl: "https://api.example" }).settings.urlOf(target)

  // Joined to the public address, `.com` or `m://` would make it that of another host.
  it.each(["/orders", "m://evil.example/orders", ".com/orders", "@evil.example/orders", ":444/orders", "*", ""])(
    "has the public host, whatever the target is: %j",
    (target) => {
      expect(new URL(urlOf(target)).origin).toBe("https://api.example")
    },
  )

  it("is refused at a server of node:http if it names another host that the target completes", async () => {
    const key = await clientKey()
    const auth = stubAuth(active({ confirmation: { jkt: key.jkt } }))
    const protect = nodeGuard(auth, { publicUrl: "https://api.example", dpop: { replay: "external" } })
    const running = await listening(createServer(protect((_, response) => response.end("passed"))))
    const ask = async (htu: string) => {
      const lines = [`Authorization: DPoP ${request.token}`, `DPoP: ${proof(key, { htm: "GET", htu })}`]
      return (await sendRaw(running.port ?? 0, rawRequest("GET m://h/orders", ...lines))).status
    }
    expect(await ask("https://api.examplem://h/orders")).toBe(401)
    expect(await ask("https://api.example/orders")).toBe(200)
    await running.close()
  })
})
