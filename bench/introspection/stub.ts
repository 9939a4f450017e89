/**
 * A stub for Hydra's admin port, Kinde and Polar: answers every introspection with an active token, with as little work
 * as possible, so that the measured client is the limit. `GET /stub/usage` gives the processor time used.
 */
import { createServer, type Socket } from "node:net"
import { activeClaims } from "../ory-claims.ts"

const crlf = "\r\n"
const headEnd = "\r\n\r\n"
const version = " HTTP/1.1\r\n"
const usage = "GET /stub/usage"
const lengthField = /\r\ncontent-length: *(\d+)/i

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

/** Gives the claims per vendor's introspection endpoint; Polar's client accepts only Polar's shape. */
const claimsOf = (ory: ReturnType<typeof activeClaims>): Readonly<Record<string, object>> => ({
  "POST /admin/oauth2/introspect": ory,
  "POST /oauth2/introspect": ory,
  "POST /v1/oauth2/introspect": { ...ory, aud: "orders", sub_type: "user", organizations: [] },
})

const makeResponses = () =>
  new Map(
    Object.entries(claimsOf(activeClaims(issuer))).map(([requestLine, claims]) => [
      requestLine,
      Buffer.from(respond("200 OK", JSON.stringify(claims)), "latin1"),
    ]),
  )

let responses: ReadonlyMap<string, Buffer> = new Map()

const reply = (socket: Socket, head: string, body: string) => {
  const requestLine = head.slice(0, head.indexOf(version))
  const response = responses.get(requestLine)
  if (response !== undefined && body.startsWith("token=")) {
    calls++
    socket.write(response)
  } else if (requestLine === usage) {
    const { user, system } = process.cpuUsage()
    socket.write(respond("200 OK", JSON.stringify({ cpuMicros: user + system, calls })), "latin1")
  } else {
    const line = head.slice(0, head.indexOf(crlf))
    socket.end(respond("404 Not Found", JSON.stringify({ error: "unexpected request", line })), "latin1")
  }
}

/** Answers every complete request at the start of `text` and gives the rest. */
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
  responses = makeResponses()
  setInterval(() => {
    responses = makeResponses()
  }, 10_000).unref()
  process.send?.({ issuer })
})
process.on("disconnect", () => process.exit(0))
