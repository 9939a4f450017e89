/** The same API, behind latchkey and behind other packages, each with the shortest code that their documentation shows. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import express, { type ErrorRequestHandler, type RequestHandler } from "express"
import { auth as auth0, requiredScopes } from "express-oauth2-jwt-bearer"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { createAuth, type Freshness } from "latchkey"
import { guard } from "latchkey/guard/express"
import { allowInsecureRequests, type Configuration, discovery, tokenIntrospection } from "openid-client"
import passport from "passport"
import { Strategy } from "passport-http-bearer"
import { audience } from "../outage/vendor.ts"

export const scope = "orders:read"

export interface ApiServer extends AsyncDisposable {
  readonly url: string
}

/** Handlers in front of a route that requires {@link scope}, and how to close what they use. */
interface Protection {
  readonly handlers: ReadonlyArray<RequestHandler>
  readonly close?: () => Promise<void>
}

const scopesOf = (text: unknown): ReadonlyArray<string> => (typeof text === "string" ? text.split(" ") : [])

const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer (.+)$/i.exec(authorization ?? "")?.[1]

const latchkey =
  (freshness?: Freshness) =>
  (vendor: string): Protection => {
    const auth = createAuth({
      provider: "oidc",
      issuer: vendor,
      clientId: "orders",
      clientSecret: "secret",
      audience: [audience],
      insecureOrigins: [vendor],
    })
    const needs = { scopes: [scope], ...(freshness && { freshness }) }
    return { handlers: [guard(auth)(needs)], close: () => auth.close() }
  }

const jwtBearer = (vendor: string): Protection => ({
  handlers: [auth0({ issuerBaseURL: vendor, audience }), requiredScopes(scope)],
})

const joseByHand = (vendor: string): Protection => {
  const keys = createRemoteJWKSet(new URL(`${vendor}/keys`))
  const protect: RequestHandler = async (request, response, next) => {
    try {
      const { payload } = await jwtVerify(bearerOf(request.headers.authorization) ?? "", keys, {
        issuer: vendor,
        audience,
      })
      if (scopesOf(payload.scope).includes(scope)) next()
      else response.sendStatus(403)
    } catch {
      response.sendStatus(401)
    }
  }
  return { handlers: [protect] }
}

const openidClientByHand = (vendor: string): Protection => {
  let server: Configuration | undefined
  const protect: RequestHandler = async (request, response, next) => {
    const token = bearerOf(request.headers.authorization)
    if (token === undefined) return void response.sendStatus(401)
    server ??= await discovery(new URL(vendor), "orders", "secret", undefined, { execute: [allowInsecureRequests] })
    const state = await tokenIntrospection(server, token)
    if (!state.active) response.sendStatus(401)
    else if (scopesOf(state.scope).includes(scope)) next()
    else response.sendStatus(403)
  }
  return { handlers: [protect] }
}

const passportWithJose = (vendor: string): Protection => {
  const keys = createRemoteJWKSet(new URL(`${vendor}/keys`))
  const authenticator = new passport.Passport()
  authenticator.use(
    new Strategy((token, done) =>
      jwtVerify(token, keys, { issuer: vendor, audience }).then(
        ({ payload }) => done(null, payload),
        () => done(null, false),
      ),
    ),
  )
  const scopes: RequestHandler = (request, response, next) => {
    const user: { readonly scope?: unknown } = request.user ?? {}
    if (scopesOf(user.scope).includes(scope)) next()
    else response.sendStatus(403)
  }
  return { handlers: [authenticator.authenticate("bearer", { session: false }), scopes] }
}

/** What protects the API, by the heading of its column. */
export const peers: Readonly<Record<string, (vendor: string) => Protection>> = {
  latchkey: latchkey(),
  'latchkey, `"prefer-local"`': latchkey("prefer-local"),
  "express-oauth2-jwt-bearer": jwtBearer,
  "jose by hand": joseByHand,
  "openid-client by hand": openidClientByHand,
  "passport-http-bearer with jose": passportWithJose,
}

/** Without it Express prints each error. */
const silent: ErrorRequestHandler = (error, _request, response, _next) => {
  response.set(error.headers ?? {}).sendStatus(error.status ?? 500)
}

/** Starts the API behind one of the peers. */
export const startApi = async (protect: (vendor: string) => Protection, vendor: string): Promise<ApiServer> => {
  const { handlers, close } = protect(vendor)
  const app = express()
  app.get("/orders", ...handlers, (_, response) => void response.json({}))
  const server = createServer(app.use(silent)).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await close?.()
    },
  }
}
