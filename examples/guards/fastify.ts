/** A Fastify app with a protected route. */
import Fastify, { type FastifyInstance } from "fastify"
import type { AnyAuth } from "latchkey"
import { guard } from "latchkey/guard/fastify"

/** @param auth `createAuth(fromEnv(process.env))` */
export const ordersApp = (auth: AnyAuth): FastifyInstance => {
  const protect = guard(auth)
  const app = Fastify()
  app.register(protect.plugin)

  // `onRequest` runs before the body is read.
  app.get("/orders", { onRequest: protect({ scopes: ["orders:read"] }) }, async (request) => ({
    ordersOf: protect.authOf(request).subject,
  }))

  return app
}
