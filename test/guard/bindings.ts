/** One server per binding: each has a route for every case, and its own guard for it. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { guard as expressGuard } from "../../src/guard/express.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { guard as mcpGuard } from "../../src/guard/mcp.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { webGuard } from "../../src/guard/web.ts"
import type { Binding, Case, Running } from "./case.ts"
import { effectHandlerOf } from "./effect-binding.ts"
import { listening } from "./listening.ts"
import { ownHeaders, sendTo } from "./send.ts"

type WebHandler = (request: Request) => Response | Promise<Response>

const pathOf = (url = "/"): string => new URL(url, "http://api.example").pathname

const subjectOf = (auth: { readonly subject?: string } | null | undefined): string =>
  JSON.stringify(auth?.subject ?? null)

/** Calls the handler of the path, as a framework without a router has it. */
const byPath =
  (handlers: ReadonlyMap<string, WebHandler>): WebHandler =>
  (request) =>
    handlers.get(new URL(request.url).pathname)?.(request) ?? new Response("no such path", { status: 404 })

const onSockets = (handle: WebHandler): Promise<Running> => listening(createServer(getRequestListener(handle)))

const inProcess = (handle: WebHandler): Running => ({
  send: async ({ method, target, lines }) => {
    const headers = new Headers()
    for (const [name, value] of lines) headers.append(name, value)
    const response = await handle(new Request(`http://api.example${target}`, { method, headers }))
    return { status: response.status, headers: ownHeaders(response.headers), body: await response.text() }
  },
  close: async () => undefined,
})

const startNode = (cases: ReadonlyArray<Case>): Promise<Running> => {
  const listeners = new Map<string, RequestListener>(
    cases.map(({ path, auth, options, needs }) => [
      path,
      nodeGuard(auth, options)(needs, (request, response) => response.end(subjectOf(request.auth))),
    ]),
  )
  return listening(createServer((request, response) => listeners.get(pathOf(request.url))?.(request, response)))
}

const webHandlers = (cases: ReadonlyArray<Case>): WebHandler =>
  byPath(
    new Map(
      cases.map(({ path, auth, options, needs }) => [
        path,
        webGuard(auth, options)(needs, (_, { auth: principal }) => new Response(subjectOf(principal))),
      ]),
    ),
  )

const startExpress = (cases: ReadonlyArray<Case>): Promise<Running> => {
  const app = express()
  for (const { path, auth, options, needs } of cases)
    app.all(
      path,
      expressGuard(auth, options)(needs, (request, response) => response.end(subjectOf(request.auth))),
    )
  return listening(createServer(app))
}

const startFastify = async (cases: ReadonlyArray<Case>): Promise<Running> => {
  const app = fastify()
  const [first] = cases
  if (first !== undefined) await app.register(fastifyGuard(first.auth).plugin)
  for (const { path, method, auth, options, needs } of cases)
    app.route({
      url: path,
      method,
      onRequest: fastifyGuard(auth, options)(needs),
      handler: (request, reply) => reply.send(subjectOf(request.auth)),
    })
  await app.listen({ host: "127.0.0.1", port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, send: (request) => sendTo(port, request), close: () => app.close() }
}

const honoApp = (cases: ReadonlyArray<Case>): WebHandler => {
  const app = new Hono()
  for (const { path, auth, options, needs } of cases)
    app.all(path, honoGuard(auth, options)(needs), (context) => context.body(subjectOf(context.var.auth)))
  return app.fetch
}

const startMcp = (cases: ReadonlyArray<Case>): Promise<Running> => {
  const app = express()
  for (const { path, auth, options, needs } of cases)
    app.all(path, mcpGuard(auth, options)(needs), (request, response) =>
      response.end(subjectOf(principalOfMcp("auth" in request ? request.auth : undefined))),
    )
  return listening(createServer(app))
}

const mcpHandlers = (cases: ReadonlyArray<Case>): WebHandler =>
  byPath(
    new Map(
      cases.map(({ path, auth, options, needs }) => [
        path,
        mcpGuard(auth, options).web(needs, (_, { authInfo }) => new Response(subjectOf(principalOfMcp(authInfo)))),
      ]),
    ),
  )

/** The principal is in the SDK's `extra`. */
const principalOfMcp = (authInfo: unknown): { readonly subject?: string } | undefined =>
  (authInfo as { readonly extra?: { readonly principal: { readonly subject?: string } } } | undefined)?.extra?.principal

/** The bindings, on real sockets unless they say otherwise. */
export const bindings: ReadonlyArray<Binding> = [
  { name: "node:http", allowsAnonymous: true, start: startNode },
  { name: "web handlers", allowsAnonymous: true, start: (cases) => onSockets(webHandlers(cases)) },
  { name: "web handlers in the process", allowsAnonymous: true, start: async (cases) => inProcess(webHandlers(cases)) },
  { name: "Express", allowsAnonymous: true, start: startExpress },
  { name: "Fastify", allowsAnonymous: true, start: startFastify },
  { name: "Hono on Node", allowsAnonymous: true, start: (cases) => onSockets(honoApp(cases)) },
  { name: "Hono by app.fetch", allowsAnonymous: true, start: async (cases) => inProcess(honoApp(cases)) },
  {
    name: "Effect HttpApi",
    allowsAnonymous: false,
    start: async (cases) => onSockets(byPath(await effectHandlerOf(cases))),
  },
  { name: "MCP gate for Express", allowsAnonymous: false, start: startMcp },
  { name: "MCP gate for web handlers", allowsAnonymous: false, start: (cases) => onSockets(mcpHandlers(cases)) },
]
