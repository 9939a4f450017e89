import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { makeBrowser, startOidc, startOry } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, it } from "vitest"
import { callService } from "../../examples/client-credentials.ts"
import { loginServer } from "../../examples/login.ts"

const clientSecret = "secret"

const startVendor = () =>
  startOry({
    seed: {
      clients: [
        { client_id: "orders", client_secret: clientSecret, scope: "read write", grant_types: ["client_credentials"] },
      ],
    },
  })

const authOf = ({ publicUrl, adminUrl }: { readonly publicUrl: string; readonly adminUrl: string }) =>
  createAuth(
    ory({
      publicUrl,
      adminUrl,
      clientId: "orders",
      clientSecret,
      insecureOrigins: [publicUrl, adminUrl],
      retry: false,
    }),
  )

/** Starts an HTTP server on loopback. */
const serve = async (handler: RequestListener) => {
  const server = createServer(handler).listen(0, "127.0.0.1")
  await once(server, "listening")
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.dispose]: close }
}

describe("examples/client-credentials.ts", () => {
  it("uses one token for several requests, and a new one after a rejection", async () => {
    await using vendor = await startVendor()
    await using auth = authOf(vendor)
    const tokens: Array<string | undefined> = []
    let isRejecting = false
    using service = await serve((request, response) => {
      tokens.push(request.headers.authorization)
      response.writeHead(isRejecting ? 401 : 200).end()
      isRejecting = false
    })
    const grant = { scopes: ["read"] }
    expect((await callService(auth, grant, service.url)).status).toBe(200)
    expect((await callService(auth, grant, service.url, { method: "POST", body: "{}" })).status).toBe(200)
    isRejecting = true
    expect((await callService(auth, grant, service.url)).status).toBe(200)
    expect(tokens).toHaveLength(4)
    expect(tokens[0]).toMatch(/^Bearer ./)
    expect(new Set(tokens).size).toBe(2)
    expect(tokens.slice(1, 3)).toEqual([tokens[0], tokens[0]])
  })
})

describe("examples/login.ts", () => {
  it("logs a user in, once for each login and only in the browser that started it", async () => {
    const redirectUri = "https://app.example/callback"
    await using vendor = await startOidc({
      users: { alice: {} },
      clients: [{ client_id: "app", client_secret: clientSecret, redirect_uris: [redirectUri] }],
    })
    const { issuer } = vendor
    await using auth = createAuth({
      provider: "oidc",
      issuer,
      clientId: "app",
      clientSecret,
      insecureOrigins: [issuer],
    })
    const app = loginServer(auth, redirectUri)
    using server = await serve((request, response) => app.emit("request", request, response))

    const start = await fetch(`${server.url}/login`, { redirect: "manual" })
    const cookie = start.headers.get("set-cookie")?.split(";")[0] ?? ""
    const callback = new URL(await makeBrowser().go(start.headers.get("location") ?? "", [issuer]))
    const target = `${server.url}${callback.pathname}${callback.search}`
    expect((await fetch(target)).status).toBe(400)
    const completed = await fetch(target, { headers: { cookie } })
    expect(await completed.text()).toBe("Logged in as alice.")
    expect((await fetch(target, { headers: { cookie } })).status).toBe(400)
  })
})
