/** The guard for Effect's HttpApi: a security middleware. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import { effectRequest, responseOf } from "./effect-request.ts"
import { type Check, makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs as RouteNeeds } from "./needs.ts"
import type { GuardOptions } from "./options.ts"
import type { Principal as RequestPrincipal } from "./principal.ts"
import type { Reply } from "./refusal.ts"

/** The principal of the request. The handlers of protected endpoints require it. */
export class Principal extends Context.Service<Principal, RequestPrincipal>()("latchkey/guard/Principal") {}

/** The annotation of an endpoint, a group or an API with requirements: `.annotate(Needs, { scopes: ["orders:read"] })`. */
export class Needs extends Context.Service<Needs, Omit<RouteNeeds, "optional">>()("latchkey/guard/Needs") {}

/** The middleware that protects the endpoints of a group or an API: `.middleware(Protected)`. */
export class Protected extends HttpApiMiddleware.Service<Protected, { provides: Principal }>()(
  "latchkey/guard/Protected",
  { security: { bearer: HttpApiSecurity.bearer } },
) {}

/**
 * Provides {@link Protected}.
 *
 * @param auth the `Auth` service, or a client of `createAuth`
 * @param options see {@link GuardOptions}
 *
 * Dies with an `AuthError` (`InvalidConfig`, listing every problem) if the options are wrong when the layer is built, or
 * the requirements at the first request.
 */
export const layer = (auth: Introspector, options: GuardOptions = {}): Layer.Layer<Protected> =>
  Layer.effect(
    Protected,
    Effect.sync(() => {
      const guard = makeGuard(auth, options)
      const checks = new WeakMap<HttpApiEndpoint.Top, Check>()
      const checkOf = (endpoint: HttpApiEndpoint.Top, group: HttpApiGroup.Top): Check => {
        const annotations = Context.merge(group.annotations, endpoint.annotations)
        const check = checks.get(endpoint) ?? guard({ ...Context.getOrUndefined(annotations, Needs), optional: false })
        checks.set(endpoint, check)
        return check
      }
      return {
        // `HttpApiSecurity` reads the first credentials of the scheme only, and no other scheme.
        bearer: (next, { endpoint, group }) =>
          Effect.contextWith((context: Context.Context<HttpServerRequest>) => {
            const request = Context.get(context, HttpServerRequest)
            const decided = Effect.promise(async (signal) =>
              checkOf(endpoint, group)({ ...effectRequest(request, signal), context }),
            )
            return Effect.flatMap(decided, (decision) => {
              if (!decision.ok) return Effect.succeed(responseOf(decision.refusal))
              const passed = Effect.provideService(next, Principal, decision.principal as RequestPrincipal)
              return Effect.map(passed, HttpServerResponse.setHeaders(decision.headers ?? {}))
            })
          }),
      }
    }),
  )

/** Serves the protected resource metadata (RFC 9728): a layer to merge with that of the API. */
export const metadata = (auth: Introspector, options: GuardOptions) => {
  const { settings } = makeGuard(auth, options)
  const path = settings.resource?.path as `/${string}` | undefined
  if (path === undefined) return Layer.empty
  return HttpRouter.add("*", path, ({ method }) =>
    Effect.succeed(responseOf(metadataReply(settings, method, path) as Reply)),
  )
}
