/** The handlers of an Effect HttpApi: one API per case, because each case has its own options. */

import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { layer, Needs, Principal, Protected } from "../../src/guard/effect.ts"
import type { Case } from "./case.ts"

type Handler = (request: Request) => Promise<Response>

const handlerOf = ({ path, method, auth, options, needs: { optional: _, ...needs } }: Case): Handler => {
  const endpoint = HttpApiEndpoint.make(method)("orders", path as `/${string}`, {
    success: Schema.NullOr(Schema.String),
  })
  const api = HttpApi.make("api").add(
    HttpApiGroup.make("shop").add(endpoint.annotate(Needs, needs)).middleware(Protected),
  )
  const handlers = HttpApiBuilder.group(api, "shop", (group) =>
    group.handle("orders", () => Principal.useSync(({ subject }) => subject ?? null)),
  )
  const routes = HttpApiBuilder.layer(api).pipe(
    Layer.provide(handlers),
    Layer.provide(layer(auth, options)),
    Layer.provide(HttpServer.layerServices),
  )
  return HttpRouter.toWebHandler(routes, { disableLogger: true }).handler
}

export const effectHandlerOf = async (cases: ReadonlyArray<Case>): Promise<ReadonlyMap<string, Handler>> =>
  new Map(cases.map((each) => [each.path, handlerOf(each)]))
