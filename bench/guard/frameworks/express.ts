import { createServer } from "node:http"
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js"
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js"
import express, { type RequestHandler } from "express"
import { auth as auth0 } from "express-oauth2-jwt-bearer"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { guard as latchkeyGuard } from "latchkey/guard/express"
import { allowInsecureRequests, ClientSecretPost, discovery, tokenIntrospection } from "openid-client"
import passport from "passport"
import { Strategy } from "passport-http-bearer"
import { authOf } from "../auth.ts"
import { path, type Setting, subject } from "../job.ts"
import { listening } from "../listening.ts"
import { type Serve, verifierOf } from "../peer.ts"

/** A middleware, and how a handler behind it finds the subject. */
type Handlers = ReadonlyArray<RequestHandler>
type Make = (setting: Setting) => Promise<Handlers>

const guards: Readonly<Record<string, Make>> = {
  latchkey: async (setting) => [
    latchkeyGuard(authOf(setting))((request, response) => response.json({ sub: request.auth.subject })),
  ],
  "express-oauth2-jwt-bearer": async ({ vendor, trust: { issuer, audience, jwk } }) => [
    auth0({ issuer, audience, jwksUri: `${vendor}/keys`, tokenSigningAlg: jwk.alg }),
    (request, response) => void response.json({ sub: (request.auth as { payload?: { sub?: string } }).payload?.sub }),
  ],
  "mcp-sdk": async ({ vendor, trust: { issuer, audience } }) => {
    const keys = createRemoteJWKSet(new URL(`${vendor}/keys`))
    const verifyAccessToken = async (token: string) => {
      const { payload } = await jwtVerify(token, keys, { issuer, audience }).catch(() => {
        throw new InvalidTokenError("The access token is not valid.")
      })
      const { exp: expiresAt = 0, sub } = payload
      return { token, clientId: String(payload.client_id), scopes: [], expiresAt, extra: { sub } }
    }
    return [
      requireBearerAuth({ verifier: { verifyAccessToken } }),
      (request, response) => void response.json({ sub: (request.auth as { extra?: { sub?: string } }).extra?.sub }),
    ]
  },
  "passport-openid-client": async ({ vendor }) => {
    const execute = [allowInsecureRequests]
    const config = await discovery(new URL(vendor), "orders", "secret", ClientSecretPost("secret"), { execute })
    const strategy = new Strategy(async (token: string, done: (error: unknown, user?: unknown) => void) => {
      try {
        const state = await tokenIntrospection(config, token)
        done(null, state.active ? { sub: state.sub } : false)
      } catch (error) {
        done(error)
      }
    })
    return [
      passport.initialize(),
      passport.use(strategy).authenticate("bearer", { session: false }),
      (request, response) => void response.json({ sub: (request.user as { sub?: string } | undefined)?.sub }),
    ]
  },
}

const byHand = async (guard: string, setting: Setting): Promise<Handlers> => {
  const verify = await verifierOf(guard, setting)
  return [
    async (request, response, next) => {
      const returned = verify(request.headers.authorization)
      const sub = typeof returned === "object" ? await returned : returned
      if (sub === undefined) return void response.set("www-authenticate", "Bearer").sendStatus(401)
      Object.assign(request, { auth: { sub } })
      return next()
    },
    (request, response) => void response.json({ sub: (request.auth as { sub?: string } | undefined)?.sub }),
  ]
}

/** Serves with Express. */
export const serve: Serve = async (guard, setting) => {
  const alone: RequestHandler = (_, response) => void response.json({ sub: subject })
  const handlers = guard === "none" ? [alone] : await (guards[guard]?.(setting) ?? byHand(guard, setting))
  const app = express()
  app.get(path, ...handlers)
  return listening(createServer(app))
}
