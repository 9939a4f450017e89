/** A vendor on loopback that can be down in two ways: connections are refused, or no request gets a response. */
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { exportJWK, generateKeyPair, SignJWT } from "jose"

export type Outage = "refused" | "hanging"

export interface Vendor extends AsyncDisposable {
  readonly url: string
  /** Makes a JWT of this vendor. */
  readonly jwt: () => Promise<string>
  readonly goDown: (how: Outage) => Promise<void>
  readonly comeBack: () => Promise<void>
}

/** The audience of every token. */
export const audience = "https://orders.example"

/** Starts a vendor. An opaque token that begins with `good` is active. */
export const startVendor = async (): Promise<Vendor> => {
  const { privateKey, publicKey } = await generateKeyPair("RS256")
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" }
  let isHanging = false
  let port = 0
  const url = () => `http://127.0.0.1:${port}`
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ""
    for await (const chunk of request.setEncoding("latin1")) text += chunk
    if (isHanging) return
    const body =
      request.method === "POST"
        ? introspection(new URLSearchParams(text).get("token") ?? "")
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
    jwt: () =>
      new SignJWT({ sub: "user", client_id: "app", jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: "RS256", kid: "1", typ: "JWT" })
        .setIssuer(url())
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("1 hour")
        .sign(privateKey),
    goDown: async (how) => {
      isHanging = how === "hanging"
      if (!isHanging) await close()
    },
    comeBack: async () => {
      if (!server.listening) await listen()
      else if (isHanging) server.closeAllConnections()
      isHanging = false
    },
    [Symbol.asyncDispose]: () => (server.listening ? close() : Promise.resolve()),
  }
}

const introspection = (token: string): object =>
  token.startsWith("good")
    ? { active: true, token_use: "access_token", sub: "user", client_id: "app", exp: 4_000_000_000 }
    : { active: false }
