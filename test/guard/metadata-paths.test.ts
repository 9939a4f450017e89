/** The metadata of resources whose paths routers would read in another way. */
import { createServer } from "node:http"
import { getRequestListener } from "@hono/node-server"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import fastify from "fastify"
import { describe, expect, it } from "vitest"
import { metadata } from "../../src/guard/effect.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import type { Running } from "./case.ts"
import { listening } from "./listening.ts"
import { sendTo } from "./send.ts"
import { stubAuth } from "./stub-auth.ts"

const auth = stubAuth("unasked")

/** The bindings that declare a route. */
const servers: Readonly<Record<string, (options: GuardOptions) => Promise<Running>>> = {
  Fastify: async (options) => {
    const app = fastify()
    await app.register(fastifyGuard(auth, options).plugin)
    const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port)
    return { port, send: (sent) => sendTo(port, sent), close: () => app.close() }
  },
  "Effect HttpApi": (options) => {
    const routes = metadata(auth, options).pipe(Layer.provide(HttpServer.layerServices))
    const { handler } = HttpRouter.toWebHandler(routes, { disableLogger: true })
    return listening(createServer(getRequestListener((request) => handler(request))))
  },
}

const wellKnown = "/.well-known/oauth-protected-resource"

describe.each(Object.entries(servers))("the metadata route of %s", (_, start) => {
  const using = async (path: string, use: (ask: (target: string) => Promise<number>) => Promise<void>) => {
    const resource = `https://api.example${path}`
    const running = await start({ publicUrl: "https://api.example", metadata: { resource } })
    await use(async (target) => (await running.send({ method: "GET", target, lines: [] })).status)
    await running.close()
  }

  it.each([
    ["letters outside ASCII", "/caf\u00e9", "/caf%C3%A9"],
    ["the same letters, encoded", "/caf%C3%A9", "/caf%C3%A9"],
    ["an encoded space", "/a%20b", "/a%20b"],
    ["a colon", "/urn:shop", "/urn:shop"],
    ["an encoding that is wrong", "/100%", undefined],
  ])("answers for a path with %s", async (_name, path, requested) => {
    await using(path, async (ask) => {
      if (requested !== undefined) expect(await ask(wellKnown + requested)).toBe(200)
    })
  })

  it("takes a colon for no parameter", async () => {
    await using("/urn:shop", async (ask) => expect(await ask(`${wellKnown}/urnother`)).toBe(404))
  })
})
