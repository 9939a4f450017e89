/** An Express app with protected routes. */
import express, { type Express } from "express"
import type { AnyAuth } from "latchkey"
import { authOf, guard } from "latchkey/guard/express"

/** @param auth `createAuth(fromEnv(process.env))` */
export const ordersApp = (auth: AnyAuth): Express => {
  const protect = guard(auth)
  const app = express()

  app.get(
    "/orders",
    protect({ scopes: ["orders:read"] }, (request, response) => {
      response.json({ ordersOf: request.auth.subject })
    }),
  )

  // As a middleware: the handlers after it get the principal from `authOf`.
  app.use("/admin", protect({ scopes: ["admin"] }))
  app.get("/admin/whoami", (request, response) => {
    response.json({ admin: authOf(request).subject })
  })

  return app
}
