/** Several guards that check one request, such as one for a router and one for a route: its DPoP proof is spent once. */
import { createServer } from "node:http"
import { getRequestListener } from "@hono/node-server"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { describe, expect, it } from "vitest"
import { guard as expressGuard } from "../../src/guard/express.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { guard as mcpGuard } from "../../src/guard/mcp.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { memoryReplayStore } from "../../src/guard/replay.ts"
import { webGuard } from "../../src/guard/web.ts"
import type { Running } from "./case.ts"
import { coreRequest } from "./core-request.ts"
import { clientKey, proof, request } from "./dpop/proof-maker.ts"
import { listening } from "./listening.ts"
import { active, type Lines } from "./row.ts"
import { sendTo } from "./send.ts"
import { stubAuth } from "./stub-auth.ts"

const key = await clientKey()
const auth = stubAuth(active({ confirmation: { jkt: key.jkt } }))
const needs = { scopes: ["orders:read"] }
const optionsWith = (replay = memoryReplayStore()) => ({ publicUrl: "https://api.example", dpop: { replay } })

const startFastify = async (): Promise<Running> => {
  const app = fastify()
  const protect = fastifyGuard(auth, optionsWith())
  await app.register(protect.plugin)
  app.addHook("onRequest", protect())
  app.get("/orders", { onRequest: protect(needs) }, async () => "passed")
  const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port)
  return { port, send: (sent) => sendTo(port, sent), close: () => app.close() }
}

/** A guard of all requests, and one of the route. */
const layered: Readonly<Record<string, () => Promise<Running>>> = {
  "node:http": () => {
    const protect = nodeGuard(auth, optionsWith())
    const route = protect(needs, (_, response) => response.end("passed"))
    return listening(createServer(protect((request, response) => route(request, response))))
  },
  "web handlers": () => {
    const protect = webGuard(auth, optionsWith())
    const route = protect(needs, () => new Response("passed"))
    return listening(createServer(getRequestListener(protect((request) => route(request)))))
  },
  Express: () => {
    const protect = expressGuard(auth, optionsWith())
    const router = express.Router()
    router.get(
      "/",
      protect(needs, (_, response) => response.end("passed")),
    )
    return listening(createServer(express().use(protect()).use("/orders", router)))
  },
  Fastify: startFastify,
  Hono: () => {
    const protect = honoGuard(auth, optionsWith())
    const app = new Hono().use(protect()).get("/orders", protect(needs), (context) => context.text("passed"))
    return listening(createServer(getRequestListener(app.fetch)))
  },
  "an MCP server behind a guard of Express, with the same store": () => {
    const options = optionsWith()
    const app = express().use(expressGuard(auth, options)())
    app.get("/orders", mcpGuard(auth, options)(needs), (_, response) => void response.end("passed"))
    return listening(createServer(app))
  },
}

describe.each(Object.entries(layered))("two guards of %s", (_, start) => {
  it("let one request with a proof pass, and refuse a second one with the same proof", async () => {
    const running = await start()
    const lines: Lines = [
      ["Authorization", `DPoP ${request.token}`],
      ["DPoP", proof(key, { htm: "GET" })],
    ]
    const sent = { method: "GET", target: "/orders", lines }
    expect(await running.send(sent)).toMatchObject({ status: 200, body: "passed" })
    expect((await running.send(sent)).status).toBe(401)
    await running.close()
  })
})

describe("two guards with a replay store each", () => {
  it("both spend the proof of a request, so that each refuses it later", async () => {
    const headers = { authorization: `DPoP ${request.token}`, dpop: proof(key, { htm: "GET" }) }
    const [first, second] = [makeGuard(auth, optionsWith())(), makeGuard(auth, optionsWith())()]
    const ask = async (raw: object) => {
      const decisions = [await first(coreRequest(headers, { raw })), await second(coreRequest(headers, { raw }))]
      return decisions.map(({ ok }) => ok)
    }
    expect(await ask({})).toEqual([true, true])
    expect(await ask({})).toEqual([false, false])
  })
})
