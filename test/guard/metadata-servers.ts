/** A server of each binding that answers the metadata route, and nothing else. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
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
export const path = "/.well-known/oauth-protected-resource/v1/mcp"
export const document =
  '{"resource":"https://api.example/v1/mcp","scopes_supported":["orders:read"],"bearer_methods_supported":["header"]}'

type WebHandler = (request: Request) => Response | Promise<Response>

const onSockets = (handle: WebHandler): Promise<Running> => listening(createServer(getRequestListener(handle)))

const orNotFound = (metadata: (request: Request) => Response | undefined) =>
  onSockets((request) => metadata(request) ?? new Response(null, { status: 404 }))

export const servers: Readonly<Record<string, () => Promise<Running>>> = {
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
