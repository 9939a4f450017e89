/** A Hono app with protected routes. */
import { Hono } from "hono"
import type { AnyAuth } from "latchkey"
import { guard } from "latchkey/guard/hono"

/** @param auth `createAuth(fromEnv(process.env))` */
export const ordersApp = (auth: AnyAuth) => {
  const protect = guard(auth)
  return new Hono()
    .get("/orders", protect({ scopes: ["orders:read"] }), (context) =>
      context.json({ ordersOf: context.var.auth.subject }),
    )
    .get("/offers", protect({ optional: true }), (context) =>
      context.json({ offersFor: context.var.auth?.subject ?? "everybody" }),
    )
}
