import express, { type Express } from "express"
import { type AuthResult, auth, requiredScopes } from "express-oauth2-jwt-bearer"

export const ordersApp = (issuerBaseURL: string): Express => {
  const app = express()
  app.use(auth({ issuerBaseURL, audience: "https://orders.example" }))
  app.get("/orders", requiredScopes("orders:read"), (request, response) => {
    const { payload }: Partial<AuthResult> = request.auth ?? {}
    response.json({ ordersOf: payload?.sub })
  })
  return app
}
