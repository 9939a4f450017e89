/** A vendor on loopback that can be down in three ways: no connections, no responses, or responses with status 503. */
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose"

export type Outage = "refused" | "hanging" | "failing"

export interface Vendor extends AsyncDisposable {
  readonly url: string
  /** Makes a JWT of this vendor. `claims` are added to the usual ones, or replace them. */
  readonly jwt: (claims?: Readonly<Record<string, unknown>>) => Promise<string>
  /** From now on introspection says that this token is inactive. */
  readonly revoke: (token: string) => void
  readonly goDown: (how: Outage) => Promise<void>
  readonly comeBack: () => Promise<void>
}

/** The audience of every token. */
export const audience = "https://orders.example"

const keys = generateKeyPair("RS256")

/** Starts a vendor. An opaque token that begins with `good` is active. */
export const startVendor = async (): Promise<Vendor> => {
  const { privateKey, publicKey } = await keys
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" }
  const revoked = new Set<string>()
  let outage: Outage | undefined
  let port = 0
  const url = () => `http://127.0.0.1:${port}`
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ""
    for await (const chunk of request.setEncoding("latin1")) text += chunk
    if (outage === "hanging") return
    if (outage === "failing") return void response.writeHead(503).end()
    const body =
      request.method === "POST"
        ? await introspection(new URLSearchParams(text).get("token") ?? "", revoked)
        : request.url?.endsWith("keys") === true
          ? { keys: [jwk] }
          : { issuer: url(), jwks_uri: `${url()}/keys`, introspection_endpoint: `${url()}/introspect` }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
  }
  const server = createServer((request, response) => {
    // A client that goes away ends the reading of its request.
    respond(request, response).catch(() => undefined)
  })
  const listen = async () => {
    server.listen({ port, host: "127.0.0.1", backlog: 4096 })
    await once(server, "listening")
    port = (server.address() as AddressInfo).port
  }
  const close = async () => {
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen()
  return {
    url: url(),
    jwt: (claims = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const usual = { iss: url(), aud: audience, sub: "user", client_id: "app", iat: now, exp: now + 3600 }
      return new SignJWT({ ...usual, jti: crypto.randomUUID(), ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "1", typ: "at+jwt" })
        .sign(privateKey)
    },
    revoke: (token) => void revoked.add(token),
    goDown: async (how) => {
      outage = how
      if (how === "refused") await close()
    },
    comeBack: async () => {
      if (!server.listening) await listen()
      else if (outage === "hanging") server.closeAllConnections()
      outage = undefined
    },
    [Symbol.asyncDispose]: () => (server.listening ? close() : Promise.resolve()),
  }
}

const introspection = async (token: string, revoked: ReadonlySet<string>): Promise<object> => {
  if (revoked.has(token)) return { active: false }
  const members = { active: true, token_use: "access_token" }
  if (token.startsWith("good"))
    return { ...members, sub: "user", client_id: "app", aud: audience, exp: 4_000_000_000, scope: "orders:read" }
  const { publicKey } = await keys
  return jwtVerify(token, publicKey).then(
    ({ payload }) => ({ ...members, ...payload }),
    () => ({ active: false }),
  )
}
