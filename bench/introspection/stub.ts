/**
 * A stand-in for Hydra's admin port: answers every introspection with one active token, with as little work as a
 * process can do, so that the client under measurement is the limit. `GET /stub/usage` tells the processor time used.
 */
import { createServer, type Socket } from "node:net"

const crlf = "\r\n"
const headEnd = "\r\n\r\n"
const introspection = "POST /admin/oauth2/introspect HTTP/1.1\r\n"
const usage = "GET /stub/usage HTTP/1.1\r\n"
const lengthField = /\r\ncontent-length: *(\d+)/i

const hour = 3600
const respond = (status: string, body: string) =>
  [
    `HTTP/1.1 ${status}`,
    "Cache-Control: private, no-cache, no-store, must-revalidate",
    "Content-Type: application/json;charset=utf-8",
    `Date: ${new Date().toUTCString()}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join(crlf)

let issuer = ""
let calls = 0

const active = () => {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    active: true,
    scope: "openid offline profile",
    client_id: "4d4c1b3f-2b40-4f57-9d0c-3f3b3f2f3f10",
    sub: "0a6ef4c2-6f0e-44c5-9f6e-7f2f5f0d1c55",
    exp: now + hour,
    iat: now,
    nbf: now,
    aud: [],
    iss: issuer,
    token_type: "Bearer",
    token_use: "access_token",
    ext: { tenant: "acme", roles: ["reader"] },
  }
  return Buffer.from(respond("200 OK", JSON.stringify(claims)), "latin1")
}

let answer = Buffer.alloc(0)

const reply = (socket: Socket, head: string, body: string) => {
  if (head.startsWith(introspection) && body.startsWith("token=")) {
    calls++
    socket.write(answer)
  } else if (head.startsWith(usage)) {
    const { user, system } = process.cpuUsage()
    socket.write(respond("200 OK", JSON.stringify({ cpuMicros: user + system, calls })), "latin1")
  } else {
    const line = head.slice(0, head.indexOf(crlf))
    socket.end(respond("404 Not Found", JSON.stringify({ error: "unexpected request", line })), "latin1")
  }
}

/** Answers every whole request at the front of `text` and gives back the rest. */
const consume = (socket: Socket, text: string): string => {
  let rest = text
  while (rest !== "") {
    const end = rest.indexOf(headEnd)
    if (end === -1) return rest
    const head = rest.slice(0, end + crlf.length)
    const bodyStart = end + headEnd.length
    const bodyEnd = bodyStart + Number(lengthField.exec(head)?.[1] ?? 0)
    if (rest.length < bodyEnd) return rest
    reply(socket, head, rest.slice(bodyStart, bodyEnd))
    rest = rest.slice(bodyEnd)
  }
  return rest
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ""
  socket.setEncoding("latin1")
  socket.on("data", (chunk) => {
    pending = consume(socket, pending + chunk)
  })
  socket.on("error", () => socket.destroy())
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the stub has no port")
  issuer = `http://127.0.0.1:${address.port}`
  answer = active()
  setInterval(() => {
    answer = active()
  }, 10_000).unref()
  process.send?.({ issuer })
})
process.on("disconnect", () => process.exit(0))
