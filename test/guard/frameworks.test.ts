/** What differs between frameworks: error handlers, mounted applications, and CORS in front of the guard. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import fastifyCors from "@fastify/cors"
import { getRequestListener } from "@hono/node-server"
import cors from "cors"
import express, { type ErrorRequestHandler } from "express"
import fastify, { type FastifyInstance } from "fastify"
import { Hono } from "hono"
import { cors as honoCors } from "hono/cors"
import { describe, expect, it } from "vitest"
import { authOf, guard as expressGuard } from "../../src/guard/express.ts"
import { guard as fastifyGuard } from "../../src/guard/fastify.ts"
import { guard as honoGuard } from "../../src/guard/hono.ts"
import { GuardError } from "../../src/guard/refusal.ts"
import type { Running } from "./case.ts"
import { listening } from "./listening.ts"
import { active, bearer, bodies, type Lines, missing, token, unavailable } from "./row.ts"
import { sendTo } from "./send.ts"
import { stubAuth } from "./stub-auth.ts"

const down = { fails: { _tag: "Unavailable", detail: "down" } } as const

const startFastify = async (app: FastifyInstance): Promise<Running> => {
  await app.listen({ host: "127.0.0.1", port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, send: (request) => sendTo(port, request), close: () => app.close() }
}

const get = (lines: Lines, target = "/orders") => ({ method: "GET", target, lines })

/** Sends requests, and closes the server. */
const using = async (running: Running, use: (send: Running["send"]) => Promise<void>): Promise<void> => {
  try {
    await use(running.send)
  } finally {
    await running.close()
  }
}

describe("Express", () => {
  it('gives the error handlers a GuardError with onRefusal: "next"', async () => {
    const errors: Array<unknown> = []
    const app = express()
    app.get(
      "/orders",
      expressGuard(stubAuth(down), { onRefusal: "next" })({}, () => expect.unreachable()),
    )
    const onError: ErrorRequestHandler = (error, _request, response, _next) => {
      errors.push(error)
      response.status(error.status).set(error.headers).send("our own page")
    }
    app.use(onError)
    await using(await listening(createServer(app)), async (send) => {
      const { status, headers, body } = await send(get(bearer))
      expect({ status, body }).toEqual({ status: 503, body: "our own page" })
      expect(headers).toContainEqual(["retry-after", "1"])
    })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(GuardError)
    expect(errors[0]).toMatchObject({ statusCode: 503, expose: true, body: bodies.unavailable })
  })

  it('keeps status and headers with onRefusal: "next" and the error handler of Express', async () => {
    const app = express().set("env", "production")
    app.use(expressGuard(stubAuth("unasked"), { onRefusal: "next" })({ scopes: ["orders:read"] }))
    await using(await listening(createServer(app)), async (send) => {
      const { status, headers } = await send(get([]))
      expect(status).toBe(401)
      expect(headers).toContainEqual(["www-authenticate", 'Bearer scope="orders:read"'])
      expect(headers).toContainEqual(["cache-control", "no-store"])
    })
  })

  it("passes the error of a handler to the error handlers", async () => {
    const app = express()
    app.get(
      "/orders",
      expressGuard(stubAuth(active()))({}, async () => Promise.reject(new Error("of the handler"))),
    )
    const onError: ErrorRequestHandler = (error, _request, response, _next) => {
      response.status(418).send(error.message)
    }
    app.use(onError)
    await using(await listening(createServer(app)), async (send) => {
      expect(await send(get(bearer))).toMatchObject({ status: 418, body: "of the handler" })
    })
  })

  it("as a middleware in front of a mounted router reads the whole address, and authOf returns the principal", async () => {
    const auth = stubAuth(active())
    const router = express.Router()
    router.get("/orders", (request, response) => response.send(authOf(request).subject))
    const app = express().use("/v1", expressGuard(auth)(), router)
    app.get("/open", (request, response) => response.send(authOf(request).subject))
    await using(await listening(createServer(app)), async (send) => {
      expect(await send(get(bearer, "/v1/orders"))).toMatchObject({ status: 200, body: "alice" })
      expect((await send(get(bearer, `/v1/orders?access_token=${token}`))).status).toBe(400)
      // No guard is in front of this handler.
      expect((await send(get(bearer, "/open"))).status).toBe(500)
    })
  })
})

describe("Fastify", () => {
  it('gives the error handler a GuardError with onRefusal: "throw"', async () => {
    const app = fastify()
    const protect = fastifyGuard(stubAuth("unasked"), { onRefusal: "throw" })
    app.setErrorHandler((error, _, reply) => {
      expect(error).toBeInstanceOf(GuardError)
      const { status, headers, situation } = error as GuardError
      return reply.code(status).headers(headers).send(situation)
    })
    await app.register(protect.plugin)
    app.get("/orders", { onRequest: protect() }, () => expect.unreachable())
    await using(await startFastify(app), async (send) => {
      const { status, headers, body } = await send(get([]))
      expect({ status, body }).toEqual({ status: 401, body: "no-credentials" })
      expect(headers).toContainEqual(["www-authenticate", "Bearer"])
    })
  })

  it('keeps status and headers with onRefusal: "throw" and the error handler of Fastify', async () => {
    const app = fastify()
    const protect = fastifyGuard(stubAuth(down), { onRefusal: "throw" })
    await app.register(protect.plugin)
    app.get("/orders", { onRequest: protect() }, () => expect.unreachable())
    await using(await startFastify(app), async (send) => {
      const { status, headers } = await send(get(bearer))
      expect(status).toBe(503)
      expect(headers).toContainEqual(["retry-after", "1"])
    })
  })

  it("refuses before the body is read", async () => {
    const app = fastify()
    const protect = fastifyGuard(stubAuth("unasked"))
    await app.register(protect.plugin)
    app.post("/orders", { onRequest: protect() }, () => expect.unreachable())
    await using(await startFastify(app), async (send) => {
      const lines: Lines = [
        ["Content-Type", "application/json"],
        ["Content-Length", "2"],
      ]
      expect((await send({ method: "POST", target: "/orders", lines })).status).toBe(401)
    })
  })
})

const origin = "https://app.example"
const exposedHeaders = ["WWW-Authenticate", "DPoP-Nonce", "Retry-After"]

const withCors: Readonly<Record<string, () => Promise<Running>>> = {
  Express: () => {
    const app = express().use(cors({ origin, exposedHeaders }))
    return listening(createServer(app.use(expressGuard(stubAuth(down))())))
  },
  Fastify: async () => {
    const app = fastify()
    const protect = fastifyGuard(stubAuth(down))
    await app.register(fastifyCors, { origin, exposedHeaders })
    await app.register(protect.plugin)
    app.get("/orders", { onRequest: protect() }, () => expect.unreachable())
    return startFastify(app)
  },
  Hono: () => {
    const app = new Hono().use(honoCors({ origin, exposeHeaders: exposedHeaders }))
    return listening(createServer(getRequestListener(app.use(honoGuard(stubAuth(down))()).fetch)))
  },
}

describe.each(Object.entries(withCors))("CORS in front of the guard of %s", (_, start) => {
  it("answers preflight requests, and lets pages read each refusal", async () => {
    await using(await start(), async (send) => {
      const asking: Lines = [
        ["Origin", origin],
        ["Access-Control-Request-Method", "GET"],
        ["Access-Control-Request-Headers", "authorization"],
      ]
      const preflight = await send({ method: "OPTIONS", target: "/orders", lines: asking })
      expect(preflight.status).toBe(204)
      expect(preflight.headers).toContainEqual(["access-control-allow-origin", origin])
      for (const [lines, expected] of [
        [[], missing("Bearer")],
        [bearer, unavailable(1)],
      ] as const) {
        const { status, headers, body } = await send(get([["Origin", origin], ...lines]))
        expect({ status, body }).toEqual({ status: expected.status, body: expected.body })
        for (const header of Object.entries(expected.headers)) expect(headers).toContainEqual(header)
        expect(headers).toContainEqual(["access-control-allow-origin", origin])
        expect(
          String(new Headers([...headers] as Array<[string, string]>).get("access-control-expose-headers")),
        ).toMatch(/WWW-Authenticate, ?DPoP-Nonce, ?Retry-After/)
      }
    })
  })
})
