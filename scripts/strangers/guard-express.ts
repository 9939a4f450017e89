/** A stranger's program for the entry `latchkey/guard/express`: a protected route, and a test of it. */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { testAuth, unavailable } from "@latchkey/testing"
import express from "express"
import type { Principal } from "latchkey/guard"
import { guard } from "latchkey/guard/express"

/** An exported value whose type the compiler must be able to name. */
export const auth = testAuth({ tokens: { good: { subject: "u1", scopes: ["orders:read"] }, down: unavailable } })
export const protect = guard(auth)

const app = express()
app.get(
  "/orders",
  protect({ scopes: ["orders:read"] }, (request, response) => {
    const principal: Principal = request.auth
    response.json({ ordersOf: principal.subject })
  }),
)

const server = app.listen(0, "127.0.0.1")
await once(server, "listening")
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
const statuses: Array<number> = []
for (const token of ["good", "unknown", "down"])
  statuses.push((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status)
server.close()
server.closeAllConnections()
if (String(statuses) !== "200,401,503") throw new Error(`expected 200, 401 and 503; found ${statuses}`)
console.log(statuses)
