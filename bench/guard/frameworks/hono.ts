import type { Server } from "node:http"
import { createAdaptorServer } from "@hono/node-server"
import { Hono, type MiddlewareHandler } from "hono"
import { createMiddleware } from "hono/factory"
import { jwk } from "hono/jwk"
import { guard as latchkeyGuard } from "latchkey/guard/hono"
import { authOf } from "../auth.ts"
import { path, type Setting, subject } from "../job.ts"
import { listening } from "../listening.ts"
import { type Serve, verifierOf } from "../peer.ts"

/** The key set is given, because the middleware fetches `jwks_uri` for each request. */
const honoJwk = ({
  trust: { issuer, jwk: key },
}: Setting): MiddlewareHandler<{
  Variables: { jwtPayload: { sub: string } }
}> => jwk({ keys: [{ ...key }], alg: [key.alg as "RS256" | "ES256"], verification: { iss: issuer } })

const byHand = async (guard: string, setting: Setting) => {
  const verify = await verifierOf(guard, setting)
  return createMiddleware<{ Variables: { sub: string } }>(async (context, next) => {
    const returned = verify(context.req.header("authorization"))
    const sub = typeof returned === "object" ? await returned : returned
    if (sub === undefined) return context.body(null, 401, { "www-authenticate": "Bearer" })
    context.set("sub", sub)
    return next()
  })
}

/** Serves with Hono on Node. */
export const serve: Serve = async (guard, setting) => {
  const app = new Hono()
  if (guard === "latchkey")
    app.get(path, latchkeyGuard(authOf(setting))(), (context) => context.json({ sub: context.var.auth.subject }))
  else if (guard === "hono-jwk")
    app.get(path, honoJwk(setting), (context) => context.json({ sub: context.var.jwtPayload.sub }))
  else if (guard === "none") {
    app.get(path, (context) => context.json({ sub: subject }))
  } else app.get(path, await byHand(guard, setting), (context) => context.json({ sub: context.var.sub }))
  return listening(createAdaptorServer({ fetch: app.fetch }) as Server)
}
