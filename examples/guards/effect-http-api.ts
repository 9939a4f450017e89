/** An HttpApi of Effect with protected endpoints. */
import { Effect, Layer, Schema } from "effect"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Auth } from "latchkey/effect"
import { layer, Needs, Principal, Protected } from "latchkey/guard/effect"

const list = HttpApiEndpoint.get("list", "/orders", { success: Schema.Struct({ ordersOf: Schema.String }) })

const ordersApi = HttpApi.make("orders-api").add(
  HttpApiGroup.make("orders")
    .add(list.annotate(Needs, { scopes: ["orders:read"] }))
    .middleware(Protected),
)

const handlers = HttpApiBuilder.group(ordersApi, "orders", (group) =>
  group.handle("list", () => Effect.map(Principal, ({ subject = "unknown" }) => ({ ordersOf: subject }))),
)

/** The guard uses the vendor of the `Auth` service. */
const guarded = Layer.unwrap(Effect.map(Auth, (auth) => layer(auth)))

/** The routes of the API. They need an `Auth`, such as `Auth.layer(fromEnv(process.env))`. */
export const routes = HttpApiBuilder.layer(ordersApi).pipe(Layer.provide(handlers), Layer.provide(guarded))
