/** Endpoints of an HttpApi: optional ones, shared ones, and options that HttpApi cannot have. */

import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import {
  layer,
  metadata,
  Needs,
  OptionallyProtected,
  OptionalPrincipal,
  optionalLayer,
  Principal,
  Protected,
} from "../../src/guard/effect.ts"
import { guard as mcpGuard, verifier } from "../../src/guard/mcp.ts"
import type { Needs as RouteNeeds } from "../../src/guard/needs.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import { active, type Behaviour, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const success = Schema.String
const bearer = { authorization: `Bearer ${token}` }

type Handle = (request: Request) => Promise<Response>
const get = (handle: Handle, path: string, headers: Record<string, string> = {}) =>
  handle(new Request(`http://api.example${path}`, { headers }))

const optionalRoute = (auth: Behaviour, needs: RouteNeeds = { scopes: ["orders:read"] }): Handle => {
  const endpoint = HttpApiEndpoint.get("greet", "/greet", { success }).annotate(Needs, needs)
  const api = HttpApi.make("api").add(HttpApiGroup.make("shop").add(endpoint).middleware(OptionallyProtected))
  const handlers = HttpApiBuilder.group(api, "shop", (group) =>
    group.handle("greet", () =>
      OptionalPrincipal.useSync(Option.match({ onNone: () => "nobody", onSome: ({ subject }) => subject ?? "" })),
    ),
  )
  const routes = HttpApiBuilder.layer(api).pipe(
    Layer.provide(handlers),
    Layer.provide(optionalLayer(stubAuth(auth))),
    Layer.provide(HttpServer.layerServices),
  )
  return HttpRouter.toWebHandler(routes, { disableLogger: true }).handler
}

describe("an endpoint where a token is optional", () => {
  it("answers a request without credentials, without a principal", async () => {
    const response = await get(optionalRoute("unasked"), "/greet")
    expect([response.status, await response.json()]).toEqual([200, "nobody"])
  })

  it("gives the principal of a good token", async () => {
    const response = await get(optionalRoute(active()), "/greet", bearer)
    expect([response.status, await response.json()]).toEqual([200, "alice"])
  })

  it.each<[string, Behaviour, Record<string, string>, number]>([
    ["an inactive token", { active: false }, bearer, 401],
    ["a token without a required scope", active({ scopes: [] }), bearer, 403],
    ["another scheme", "unasked", { authorization: "Basic YTpi" }, 401],
    ["a token while the vendor is down", { fails: { _tag: "Unavailable", detail: "down" } }, bearer, 503],
  ])("refuses %s", async (_, auth, headers, status) => {
    expect((await get(optionalRoute(auth), "/greet", headers)).status).toBe(status)
  })
})

describe("an endpoint whose requirements a copy would lack", () => {
  it("lets no token pass", async () => {
    const inherited: RouteNeeds = Object.create({ scopes: ["admin"] })
    expect((await get(optionalRoute(active(), inherited), "/greet", bearer)).status).toBe(500)
  })
})

describe("an endpoint that two groups have", () => {
  const shared = HttpApiEndpoint.get("list", "/list", { success }).middleware(Protected)
  const apiOf = (name: "open" | "admin", needs: { readonly scopes?: ReadonlyArray<string> }) =>
    HttpApi.make(name).add(HttpApiGroup.make("shop").add(shared).annotate(Needs, needs))
  const [open, admin] = [apiOf("open", {}), apiOf("admin", { scopes: ["admin"] })]

  it("has the requirements of the group that the request is for, whichever is asked first", async () => {
    const guarded = layer(stubAuth(active()))
    const built = await Effect.runPromise(Effect.scoped(Layer.build(guarded)))
    const handlerOf = (api: typeof open): Handle => {
      const handlers = HttpApiBuilder.group(api, "shop", (group) =>
        group.handle("list", () => Principal.useSync(({ subject }) => subject ?? "")),
      )
      const routes = HttpApiBuilder.layer(api).pipe(
        Layer.provide(handlers),
        Layer.provide(Layer.succeedContext(built)),
        Layer.provide(HttpServer.layerServices),
      )
      return HttpRouter.toWebHandler(routes, { disableLogger: true }).handler
    }
    expect((await get(handlerOf(open), "/list", bearer)).status).toBe(200)
    expect((await get(handlerOf(admin), "/list", bearer)).status).toBe(403)
    expect((await get(handlerOf(open), "/list", bearer)).status).toBe(200)
  })
})

describe('preflight: "pass", where handlers always get a principal', () => {
  const options: GuardOptions = { preflight: "pass" }
  const auth = stubAuth("unasked")
  const refusal = expect.objectContaining({ reason: expect.objectContaining({ _tag: "InvalidConfig" }) })

  it.each([
    ["the layer of protected endpoints", () => Effect.runSync(Effect.scoped(Layer.build(layer(auth, options))))],
    ["the layer of optional endpoints", () => Effect.runSync(Effect.scoped(Layer.build(optionalLayer(auth, options))))],
    ["the metadata of an HttpApi", () => metadata(auth, options)],
    ["the gate of an MCP server", () => mcpGuard(auth, options)],
    ["the verifier of an MCP server", () => verifier(auth, (text) => new Error(text), options)],
  ])("is refused by %s, with the name of the option and what to do", (_, start) => {
    expect(start).toThrow(refusal)
    expect(start).toThrow(/preflight: .*CORS/)
  })
})
