/** A vendor that answers, and fails in one way for each path. */
import { generateKeyPairSync, sign } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type AddressInfo, createServer as createTcpServer } from "node:net"

export interface SmokeServer {
  readonly url: string
  /** An origin that refuses connections. */
  readonly refused: string
  /** A valid token for local validation. */
  readonly token: string
  readonly close: () => void
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const json =
  (body: unknown): Answer =>
  (response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(body))
  }

const broken: Readonly<Record<string, Answer>> = {
  reset: (_, { socket }) => socket.resetAndDestroy(),
  hang: () => {},
  "status-500": (response) => response.writeHead(500).end(),
  page: (response) => response.setHeader("content-type", "text/html").end("<p>down</p>"),
  large: (response) => response.setHeader("content-type", "application/json").end(`{"a":"${"x".repeat(1 << 20)}"}`),
  "no-json": (response) => response.setHeader("content-type", "application/json").end("{"),
}

const freePort = async (): Promise<number> => {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export const startServer = async (): Promise<SmokeServer> => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const agents = new Set<string>()
  const answers: Record<string, Answer> = {
    "/keys": json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "a", alg: "ES256", use: "sig" }] }),
    "/.well-known/jwks.json": (response, request) => answers["/keys"]?.(response, request),
    "/good/token": json({ access_token: "service", token_type: "Bearer", expires_in: 3600 }),
    "/user-agents": (response, request) => json([...agents])(response, request),
  }
  const server = createServer((request, response) => {
    const [, mode = ""] = request.url?.split("/") ?? []
    if (mode !== "user-agents") agents.add(request.headers["user-agent"] ?? "none")
    request.resume().on("end", () => {
      // Answers late, so that concurrent requests overlap.
      setTimeout(() => (broken[mode] ?? answers[request.url ?? ""] ?? json({}))(response, request), 20)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  answers["/good/introspect"] = json({ active: true, sub: "user", iss: url, token_use: "access_token" })
  answers["/.well-known/openid-configuration"] = json({ issuer: url, jwks_uri: `${url}/keys` })
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: url, sub: "user", aud: "app", client_id: "app", iat: now, exp: now + 3600, jti: "1" }
  const signed = `${part({ alg: "ES256", kid: "a", typ: "at+jwt" })}.${part(claims)}`
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" })
  return {
    url,
    refused: `http://127.0.0.1:${await freePort()}`,
    token: `${signed}.${signature.toString("base64url")}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
