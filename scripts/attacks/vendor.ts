/**
 * A vendor on loopback, as a process of its own. The token of a request says how the vendor answers: `good-` is active,
 * `status-500-`, `reset-` and `hang-` are the attacks, and any other token is inactive. A token with a letter outside
 * ASCII, a changed client and a grant of tokens are answered with 500, as some vendors do.
 *
 * Messages: `"stop"` ends the server and its connections, `"start"` opens it again on the same port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const clients = { client_id: "app", redirect_uris: ["https://app.example/callback"], scope: "read" }

const answerToken = (token: string, response: ServerResponse): void => {
  if (/[^\x20-\x7e]/.test(token) || token.startsWith("status-500-")) json(response, 500, { error: "server_error" })
  else if (token.startsWith("reset-")) response.socket?.resetAndDestroy()
  else if (token.startsWith("good-"))
    json(response, 200, { active: true, token_use: "access_token", sub: "user", client_id: "app", exp: 4_000_000_000 })
  else if (!token.startsWith("hang-")) json(response, 200, { active: false })
}

const answer = (path: string, form: URLSearchParams, request: IncomingMessage, response: ServerResponse): void => {
  if (path.endsWith("/introspect")) answerToken(form.get("token") ?? "", response)
  else if (path.endsWith("/revoke") || path.endsWith("/userinfo"))
    /[^\x20-\x7e]/.test(form.toString()) ? json(response, 500, {}) : response.writeHead(200).end()
  else if (path.endsWith("/token")) json(response, 500, { error: "error", error_description: "the clock is wrong" })
  else if (path.includes("/admin/clients/"))
    request.method === "GET" ? json(response, 200, clients) : json(response, 500, { error: "error" })
  else json(response, 200, { issuer: "another" })
}

let requests = 0
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  requests += 1
  const chunks: Array<Buffer> = []
  request.on("error", () => undefined)
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"))
    answer(new URL(request.url ?? "/", "http://vendor").pathname, form, request, response)
  })
})

let port = 0
const start = (): void => {
  server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => {
    port = (server.address() as AddressInfo).port
    process.send?.({ port })
  })
}

process.on("message", (message) => {
  if (message === "stop") {
    server.close(() => process.send?.("stopped"))
    server.closeAllConnections()
  } else if (message === "start") start()
  else process.send?.({ requests })
})
process.on("disconnect", () => process.exit())
start()
