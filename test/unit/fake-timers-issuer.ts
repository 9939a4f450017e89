/** An issuer in a thread of its own, whose timers no test replaces: introspection, tokens and metadata. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { parentPort } from "node:worker_threads"

const server = createServer((request, response) => {
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const answers: Readonly<Record<string, unknown>> = {
    "/introspect": { active: true, sub: "user", iss: issuer, token_use: "access_token", scope: "read" },
    "/token": { access_token: "token", token_type: "Bearer", expires_in: 3600, refresh_token: "next" },
  }
  request.resume().on("end", () => {
    response.setHeader("content-type", "application/json")
    setTimeout(() => response.end(JSON.stringify(answers[request.url ?? ""] ?? {})), 2)
  })
})
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port))
