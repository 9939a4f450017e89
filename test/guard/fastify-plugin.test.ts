/** The plugin of the guard for Fastify: several guards, hooks of the whole instance, prefixes. */
import Fastify from "fastify"
import { describe, expect, test } from "vitest"
import { guard } from "../../src/guard/fastify.ts"
import { active, bearer, type Lines } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const auth = stubAuth(active())
const wellKnown = "/.well-known/oauth-protected-resource"

const optionsOf = (path: string) => ({
  publicUrl: "https://api.example",
  metadata: { resource: `https://api.example${path}` },
})

const headersOf = (lines: Lines) => Object.fromEntries(lines)

describe("several guards of one instance", () => {
  test("share request.auth, and each serves its metadata", async () => {
    const app = Fastify()
    for (const path of ["/orders", "/invoices"]) {
      const protect = guard(auth, optionsOf(path))
      await app.register(protect.plugin)
      app.get(path, { onRequest: protect() }, async (request) => protect.authOf(request).subject)
    }
    for (const path of ["/orders", "/invoices"]) {
      expect((await app.inject({ url: path, headers: headersOf(bearer) })).body).toBe("alice")
      expect((await app.inject({ url: `${wellKnown}${path}` })).json()).toMatchObject({
        resource: `https://api.example${path}`,
      })
    }
  })

  test("do not take a decorator that another plugin has declared", async () => {
    const app = Fastify()
    app.decorateRequest("user")
    await expect(app.register(guard(auth, { decoratorName: "user" }).plugin)).rejects.toThrow(/already been added/)
  })
})

describe("a guard that is a hook of the whole instance", () => {
  const start = async (isRegistered: boolean) => {
    const app = Fastify()
    const protect = guard(auth, optionsOf("/v1"))
    if (isRegistered) await app.register(protect.plugin)
    app.addHook("onRequest", protect())
    app.all("/*", async () => "passed")
    return app
  }

  test("lets every client read the metadata", async () => {
    const app = await start(true)
    const answered = await app.inject({ url: `${wellKnown}/v1?a=1` })
    expect(answered.json()).toMatchObject({ resource: "https://api.example/v1" })
    expect((await app.inject({ method: "POST", url: `${wellKnown}/v1`, body: {} })).statusCode).toBe(405)
  })

  test.each([
    "/orders",
    `${wellKnown}/v2`,
    `${wellKnown}/v1/orders`,
    `/orders?a=${wellKnown}/v1`,
    `${wellKnown}/v1%2F..`,
  ])("lets no other request pass: %s", async (url) => {
    const app = await start(true)
    expect((await app.inject({ url })).statusCode).toBe(401)
    expect((await app.inject({ url, headers: headersOf(bearer) })).body).toBe("passed")
  })

  test("lets no request of the metadata's path reach a handler, although the plugin is not registered", async () => {
    const app = await start(false)
    for (const method of ["GET", "POST", "OPTIONS"] as const)
      expect((await app.inject({ method, url: `${wellKnown}/v1` })).body).not.toBe("passed")
  })
})

describe("below a prefix", () => {
  const start = async (options: Parameters<typeof guard>[1]) => {
    const app = Fastify()
    const protect = guard(auth, options)
    app.register(
      async (child) => {
        await child.register(protect.plugin)
        child.get("/orders", { onRequest: protect() }, async (request) => protect.authOf(request).subject)
      },
      { prefix: "/v1" },
    )
    await app.ready()
    return app
  }

  test("the plugin fails with metadata, which no client would find there", async () => {
    await expect(start(optionsOf("/v1"))).rejects.toThrow(
      /plugin: .*\/v1.*\/\.well-known\/oauth-protected-resource\/v1/,
    )
  })

  test("the plugin works without metadata", async () => {
    const app = await start({})
    expect((await app.inject({ url: "/v1/orders", headers: headersOf(bearer) })).body).toBe("alice")
  })
})
