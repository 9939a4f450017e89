/** Row 31: the protected resource metadata in every binding (RFC 9728 section 3). */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { metadata as effectMetadata } from "../../src/guard/effect.ts"
import { guard as expressGuard } from "../../src/guard/express.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { guard as mcpGuard } from "../../src/guard/mcp.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import { webGuard } from "../../src/guard/web.ts"
import type { Running } from "./case.ts"
import { listening } from "./listening.ts"
import { sendTo } from "./send.ts"
import { stubAuth } from "./stub-auth.ts"

const auth = stubAuth("unasked")
const options: GuardOptions = {
  publicUrl: "https://api.example/v1",
  metadata: { resource: "https://api.example/v1/mcp", scopesSupported: ["orders:read"], authorizationServers: [] },
}
const path = "/.well-known/oauth-protected-resource/v1/mcp"
const document =
  '{"resource":"https://api.example/v1/mcp","scopes_supported":["orders:read"],"bearer_methods_supported":["header"]}'

type WebHandler = (request: Request) => Response | Promise<Response>

const onSockets = (handle: WebHandler): Promise<Running> => listening(createServer(getRequestListener(handle)))

const orNotFound = (metadata: (request: Request) => Response | undefined) =>
  onSockets((request) => metadata(request) ?? new Response(null, { status: 404 }))

const servers: Readonly<Record<string, () => Promise<Running>>> = {
  "node:http": () => {
    const { metadata } = nodeGuard(auth, options)
    return listening(createServer((request, response) => metadata(request, response) || response.writeHead(404).end()))
  },
  "web handlers": () => orNotFound(webGuard(auth, options).metadata),
  Express: () => listening(createServer(express().use(expressGuard(auth, options).metadata))),
  Fastify: async () => {
    const app = fastify()
    await app.register(fastifyGuard(auth, options).plugin)
    await app.listen({ host: "127.0.0.1", port: 0 })
    const { port } = app.server.address() as AddressInfo
    return { port, send: (request) => sendTo(port, request), close: () => app.close() }
  },
  Hono: () => onSockets(new Hono().use(honoGuard(auth, options).metadata).fetch),
  "Effect HttpApi": () =>
    onSockets(
      HttpRouter.toWebHandler(effectMetadata(auth, options).pipe(Layer.provide(HttpServer.layerServices)), {
        disableLogger: true,
      }).handler,
    ),
  "MCP gate for Express": () => listening(createServer(express().use(mcpGuard(auth, options).metadata))),
  "MCP gate for web handlers": () => orNotFound(mcpGuard(auth, options).webMetadata),
}

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
