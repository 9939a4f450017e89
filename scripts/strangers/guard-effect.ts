/** A stranger's program for the entry `latchkey/guard/effect`: a protected endpoint, and a test of it. */
import { testAuth } from "@latchkey/testing"
import { Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Auth } from "latchkey/effect"
import { layer, Needs, Principal, Protected } from "latchkey/guard/effect"

const list = HttpApiEndpoint.get("list", "/orders", { success: Schema.String })

/** An exported value whose type the compiler must be able to name. */
export const ordersApi = HttpApi.make("orders-api").add(
  HttpApiGroup.make("orders")
    .add(list.annotate(Needs, { scopes: ["orders:read"] }))
    .middleware(Protected),
)

const handlers = HttpApiBuilder.group(ordersApi, "orders", (group) =>
  group.handle("list", () => Effect.map(Principal, ({ subject = "a client" }) => `orders of ${subject}`)),
)
const guarded = Layer.unwrap(Effect.map(Auth, (auth) => layer(auth)))
const auth = testAuth({ tokens: { good: { subject: "u1", scopes: ["orders:read"] } } })
const routes = HttpApiBuilder.layer(ordersApi).pipe(
  Layer.provide(handlers),
  Layer.provide(guarded),
  Layer.provide(auth.layer),
  Layer.provide(HttpServer.layerServices),
)

const { handler, dispose } = HttpRouter.toWebHandler(routes, { disableLogger: true })
const send = (token: string) =>
  handler(new Request("https://api.example/orders", { headers: { authorization: `Bearer ${token}` } }))
const [good, unknown] = [await send("good"), await send("unknown")]
if (good.status !== 200 || unknown.status !== 401) throw new Error(`found ${good.status} and ${unknown.status}`)
console.log(await good.json(), unknown.headers.get("www-authenticate"))
await dispose()
