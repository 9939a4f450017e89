import { startOry, type TestAuth, testAuth, unavailable } from "@latchkey/testing"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { type AnyAuth, createAuth } from "latchkey"
import { describe, expect, test } from "vitest"
import { routes } from "../../../examples/guards/effect-http-api.ts"
import { ordersApp as expressApp } from "../../../examples/guards/express.ts"
import { ordersApp as fastifyApp } from "../../../examples/guards/fastify.ts"
import { ordersApp as honoApp } from "../../../examples/guards/hono.ts"
import { ordersServer } from "../../../examples/guards/node-http.ts"
import { orderRoute } from "../../../examples/guards/route-handler.ts"
import { serve } from "./serve.ts"

const tokens = {
  good: { subject: "u1", scopes: ["orders:read", "admin"] },
  fresh: { subject: "u1", scopes: ["orders:write"], authTime: new Date() },
  old: { subject: "u1", scopes: ["orders:write"], authTime: new Date(Date.now() - 3_600_000) },
  other: { subject: "u1", scopes: [] },
  down: unavailable,
}

const bearer = (token: string | undefined) => ({
  headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
})

type Send = (path: string, token?: string) => Promise<Response>

/** Runs a use of each example over real requests. */
const apps: Readonly<Record<string, (auth: TestAuth, use: (send: Send) => Promise<void>) => Promise<void>>> = {
  "express.ts": async (auth, use) => {
    using server = await serve(expressApp(auth))
    await use((path, token) => fetch(server.url + path, bearer(token)))
  },
  "fastify.ts": async (auth, use) => {
    const app = fastifyApp(auth)
    const url = await app.listen({ host: "127.0.0.1", port: 0 })
    await use((path, token) => fetch(url + path, bearer(token)))
    await app.close()
  },
  "hono.ts": async (auth, use) => {
    const app = honoApp(auth)
    await use(async (path, token) => app.request(path, bearer(token)))
  },
  "node-http.ts": async (auth, use) => {
    const server = ordersServer(auth)
    using served = await serve((request, response) => server.emit("request", request, response))
    await use((path, token) => fetch(served.url + path, bearer(token)))
  },
  "effect-http-api.ts": async (auth, use) => {
    const layer = routes.pipe(Layer.provide(auth.layer), Layer.provide(HttpServer.layerServices))
    const { handler, dispose } = HttpRouter.toWebHandler(layer, { disableLogger: true })
    await use((path, token) => handler(new Request(`https://api.example${path}`, bearer(token))))
    await dispose()
  },
}

describe.each(Object.entries(apps))("examples/guards/%s", (_, run) => {
  test("answers a token with the scope, and refuses every other request", () =>
    run(testAuth({ tokens }), async (send) => {
      const answer = await send("/orders", "good")
      expect([answer.status, await answer.json()]).toEqual([200, { ordersOf: "u1" }])
      const refused = async (token?: string) => {
        const { status, headers } = await send("/orders", token)
        return [status, headers.get("www-authenticate"), headers.get("retry-after")]
      }
      expect(await refused()).toEqual([401, 'Bearer scope="orders:read"', null])
      expect(await refused("unknown")).toEqual([401, expect.stringContaining('error="invalid_token"'), null])
      expect(await refused("other")).toEqual([403, expect.stringContaining('error="insufficient_scope"'), null])
      expect(await refused("down")).toEqual([503, null, expect.stringMatching(/^[1-9]\d*$/)])
    }))
})

describe("the other routes of the examples", () => {
  test("Express gives the principal to handlers after a middleware", async () => {
    using server = await serve(expressApp(testAuth({ tokens })))
    const send: Send = (path, token) => fetch(server.url + path, bearer(token))
    expect(await (await send("/admin/whoami", "good")).json()).toEqual({ admin: "u1" })
    expect((await send("/admin/whoami", "other")).status).toBe(403)
  })

  test("Hono answers without credentials where they are optional, and refuses wrong ones", async () => {
    const app = honoApp(testAuth({ tokens }))
    expect(await (await app.request("/offers")).json()).toEqual({ offersFor: "everybody" })
    expect(await (await app.request("/offers", bearer("good"))).json()).toEqual({ offersFor: "u1" })
    expect((await app.request("/offers", bearer("unknown"))).status).toBe(401)
    expect((await app.request("/offers", bearer("down"))).status).toBe(503)
  })

  test("node:http answers 404 for another path", async () => {
    const server = ordersServer(testAuth())
    using served = await serve((request, response) => server.emit("request", request, response))
    expect((await fetch(`${served.url}/other`)).status).toBe(404)
  })
})

describe("examples/guards/route-handler.ts", () => {
  const { GET, DELETE } = orderRoute(testAuth({ tokens }))
  const context = { params: Promise.resolve({ id: "o7" }) }
  const request = (token?: string) => new Request("https://api.example/orders/o7", bearer(token))

  test("gets the parameters of the route beside the principal", async () => {
    expect(await (await GET(request("good"), context)).json()).toEqual({ order: "o7", of: "u1" })
    const statuses = [request(), request("other"), request("down")].map(
      async (each) => (await GET(each, context)).status,
    )
    expect(await Promise.all(statuses)).toEqual([401, 403, 503])
  })

  test("deletes after a recent login only, and asks for a new one otherwise", async () => {
    expect(await (await DELETE(request("fresh"), context)).json()).toEqual({ deleted: "o7" })
    const refused = await DELETE(request("old"), context)
    expect(refused.status).toBe(401)
    expect(refused.headers.get("www-authenticate")).toMatch(/insufficient_user_authentication.*max_age=/)
  })
})

describe("an example on an emulator", () => {
  const client = { client_id: "orders", client_secret: "secret", scope: "orders:read orders:write" }

  test("answers a token that the emulator issued, and refuses it after its revocation", async () => {
    await using vendor = await startOry({ seed: { clients: [client] } })
    const { publicUrl, adminUrl } = vendor
    await using auth: AnyAuth = createAuth({
      ...{ provider: "ory", publicUrl, adminUrl, clientId: "orders", clientSecret: "secret" },
      ...{ insecureOrigins: [publicUrl, adminUrl], retry: false },
    })
    using server = await serve(expressApp(auth))
    const token = await vendor.issue({ subject: "ada", scopes: ["orders:read"] })
    const send = () => fetch(`${server.url}/orders`, bearer(token))
    expect(await (await send()).json()).toEqual({ ordersOf: "ada" })
    await auth.revoke(token)
    expect((await send()).status).toBe(401)
  })
})
