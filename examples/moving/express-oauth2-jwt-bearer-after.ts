import express, { type Express } from "express"
import type { AnyAuth } from "latchkey"
import { guard } from "latchkey/guard/express"

/** @param auth `createAuth({ provider: "auth0", issuer, audience: ["https://orders.example"], clientId, clientSecret })` */
export const ordersApp = (auth: AnyAuth): Express => {
  const protect = guard(auth)
  const app = express()
  app.get(
    "/orders",
    protect({ scopes: ["orders:read"] }, (request, response) => {
      response.json({ ordersOf: request.auth.subject })
    }),
  )
  return app
}
