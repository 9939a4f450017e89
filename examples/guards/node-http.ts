/** A server of `node:http` with protected routes. */
import { createServer, type Server } from "node:http"
import type { AnyAuth } from "latchkey"
import { nodeGuard } from "latchkey/guard"

/** @param auth `createAuth(fromEnv(process.env))` */
export const ordersServer = (auth: AnyAuth): Server => {
  const protect = nodeGuard(auth)
  const orders = protect({ scopes: ["orders:read"] }, (request, response) => {
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({ ordersOf: request.auth.subject }))
  })
  return createServer((request, response) => {
    if (request.url === "/orders") return orders(request, response)
    return response.writeHead(404).end()
  })
}
