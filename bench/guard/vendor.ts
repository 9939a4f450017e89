/** The vendor of every server: metadata, a key set, and an introspection endpoint that knows any token that begins with `good`. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { activeClaims } from "../ory-claims.ts"
import { subject } from "./job.ts"

process.once("message", (jwk: object) => {
  const server = createServer((request, response) => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = (body: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
    const metadata = {
      issuer: address,
      jwks_uri: `${address}/keys`,
      introspection_endpoint: `${address}/introspect`,
      token_endpoint: `${address}/token`,
    }
    if (request.method === "GET") return answer(request.url === "/keys" ? { keys: [jwk] } : metadata)
    let body = ""
    request.setEncoding("latin1").on("data", (chunk: string) => {
      body += chunk
    })
    return request.on("end", () => {
      const isGood = new URLSearchParams(body).get("token")?.startsWith("good") === true
      answer(isGood ? { ...activeClaims(address), sub: subject } : { active: false })
    })
  })
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
})
process.on("disconnect", () => process.exit(0))
