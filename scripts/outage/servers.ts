/** The servers: behind latchkey, and behind other packages. */
import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js"
import express, { type ErrorRequestHandler, type RequestHandler } from "express"
import { auth as auth0 } from "express-oauth2-jwt-bearer"
import fastify from "fastify"
import { fastifyJwtJwks } from "fastify-jwt-jwks"
import { Hono } from "hono"
import { jwk } from "hono/jwk"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { createAuth } from "latchkey"
import { guard } from "latchkey/guard/express"
import { oidc } from "latchkey/oidc"
import { audience } from "./vendor.ts"

export interface ApiServer extends AsyncDisposable {
  readonly port: number
}

type Start = (vendor: string) => Promise<ApiServer>

const listening = async (server: Server, close: () => Promise<unknown> = async () => undefined): Promise<ApiServer> => {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 })
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await close()
    },
  }
}

/** Without it Express prints each error. */
const silent: ErrorRequestHandler = (error, _request, response, _next) => {
  response.sendStatus(error.status ?? 500)
}

const withExpress = (...handlers: ReadonlyArray<RequestHandler>): RequestListener =>
  express()
    .get("/", ...handlers, (_, response) => void response.json({}))
    .use(silent)

/** Starts an Express server behind latchkey, with every default. */
export const startLatchkey = (vendor: string, answers: "introspection" | "signature"): Promise<ApiServer> => {
  const auth = createAuth(
    oidc({
      issuer: vendor,
      clientId: "orders",
      clientSecret: "secret",
      insecureOrigins: [vendor],
      ...(answers === "signature" && { audience: [audience] }),
      token: { answers },
    }),
  )
  return listening(createServer(withExpress(guard(auth)())), () => auth.close())
}

/** The peers validate JWTs, because none of them introspects. */
export const peers: Readonly<Record<string, Start>> = {
  latchkey: (vendor) => startLatchkey(vendor, "signature"),
  "express-oauth2-jwt-bearer": (vendor) =>
    listening(createServer(withExpress(auth0({ issuer: vendor, audience, jwksUri: `${vendor}/keys` })))),
  "MCP SDK": (vendor) => {
    const keys = createRemoteJWKSet(new URL(`${vendor}/keys`))
    const verifyAccessToken = async (token: string) => {
      const { payload } = await jwtVerify(token, keys, { issuer: vendor, audience })
      return { token, clientId: "app", scopes: [], expiresAt: payload.exp ?? 0 }
    }
    return listening(createServer(withExpress(requireBearerAuth({ verifier: { verifyAccessToken } }))))
  },
  "hono jwk": (vendor) => {
    const app = new Hono().get("/", jwk({ jwks_uri: `${vendor}/keys`, alg: ["RS256"] }), (context) => context.json({}))
    return listening(createAdaptorServer({ fetch: app.fetch }) as Server)
  },
  "fastify-jwt-jwks": async (vendor) => {
    const app = fastify()
    await app.register(fastifyJwtJwks, { jwksUrl: `${vendor}/keys`, issuer: vendor, audience })
    app.get("/", { onRequest: app.authenticate }, async () => ({}))
    await app.listen({ port: 0, host: "127.0.0.1" })
    return { port: (app.server.address() as AddressInfo).port, [Symbol.asyncDispose]: () => app.close() }
  },
}
