/** An API with one protected route. */
import express from "express"
import { createAuth, fromEnv } from "latchkey"
import { guard } from "latchkey/guard/express"

const protect = guard(createAuth(fromEnv(process.env)))
const app = express()
app.get(
  "/orders",
  protect({ scopes: ["orders:read"] }, (request, response) => {
    response.json({ ordersOf: request.auth.subject })
  }),
)
const port = process.env.PORT ?? "3000"
app.listen(Number(port), "127.0.0.1", (error) => {
  if (error !== undefined) throw error // Such as EADDRINUSE: another program has this port.
  console.log(`The API listens on http://127.0.0.1:${port}`)
})
