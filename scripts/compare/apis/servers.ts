/** The same API, behind latchkey and behind other packages, each with the shortest code that their documentation shows. */
import express, { type RequestHandler } from "express"
import { auth as auth0, requiredScopes } from "express-oauth2-jwt-bearer"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { createAuth, type Freshness } from "latchkey"
import { guard } from "latchkey/guard/express"
import { allowInsecureRequests, type Configuration, discovery, tokenIntrospection } from "openid-client"
import passport from "passport"
import { Strategy } from "passport-http-bearer"
import { audience } from "../../outage/vendor.ts"
import type { BetterAuth } from "../better-auth.ts"
import { listen } from "../listen.ts"

export const scope = "orders:read"

export interface ApiServer extends AsyncDisposable {
  readonly url: string
}

/** Handlers in front of a route that requires {@link scope}, and how to close what they use. */
interface Protection {
  readonly handlers: ReadonlyArray<RequestHandler>
  readonly close?: () => Promise<void>
}

/** Makes the protection of an API. `vendor`: the issuer. */
export type Protect = (vendor: string) => Protection

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

/** Of the options in the documentation, all but `requiredClaims`: only Better Auth's own tokens have `azp`. */
const betterAuthLocally = (vendor: string) => ({
  jwksUrl: `${vendor}/keys`,
  verifyOptions: { issuer: vendor, audience, typ: "at+jwt" },
})

const betterAuthRemotely = (vendor: string) => ({
  verifyOptions: { issuer: vendor, audience },
  remoteVerify: { introspectUrl: `${vendor}/introspect`, clientId: "orders", clientSecret: "secret", force: true },
})

const withBetterAuth =
  (
    { verifyAccessTokenRequest, requestToResourceInput, fromNodeHeaders, isAPIError }: BetterAuth,
    optionsOf: (vendor: string) => object,
  ) =>
  (vendor: string): Protection => {
    const options = { ...optionsOf(vendor), requiredScopes: [scope] }
    const protect: RequestHandler = async (request, response, next) => {
      const url = `http://${request.headers.host}${request.originalUrl}`
      const input = requestToResourceInput(new Request(url, { headers: fromNodeHeaders(request.headers) }))
      try {
        await verifyAccessTokenRequest(input, options)
        next()
      } catch (error) {
        if (!isAPIError(error)) throw error
        response.sendStatus(error.statusCode)
      }
    }
    return { handlers: [protect] }
  }

/** What protects the API, by the heading of its column. */
export const peersWith = (betterAuth?: BetterAuth): Readonly<Record<string, Protect>> => ({
  latchkey: latchkey(),
  'latchkey, `"prefer-local"`': latchkey("prefer-local"),
  "express-oauth2-jwt-bearer": jwtBearer,
  "jose by hand": joseByHand,
  "openid-client by hand": openidClientByHand,
  "passport-http-bearer with jose": passportWithJose,
  ...(betterAuth && {
    "better-auth": withBetterAuth(betterAuth, betterAuthLocally),
    "better-auth, `remoteVerify`": withBetterAuth(betterAuth, betterAuthRemotely),
  }),
})

/** Starts the API behind one of the peers. */
export const startApi = async (protect: Protect, vendor: string): Promise<ApiServer> => {
  const { handlers, close } = protect(vendor)
  const { origin, serve, [Symbol.asyncDispose]: stop } = await listen()
  serve(express().get("/orders", ...handlers, (_, response) => void response.json({})))
  return {
    url: `${origin}/orders`,
    [Symbol.asyncDispose]: async () => {
      await stop()
      await close?.()
    },
  }
}
