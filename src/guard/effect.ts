/** The guard for Effect's HttpApi: a middleware for protected endpoints, and one for those where a token is optional. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { decisions } from "./effect-decisions.ts"
import { responseOf } from "./effect-request.ts"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import { type Needs as RouteNeeds, withOptional } from "./needs.ts"
import type { OptionsWithPrincipal } from "./options.ts"
import type { Principal as RequestPrincipal } from "./principal.ts"
import type { Reply } from "./refusal.ts"
import { withoutPreflight } from "./settings.ts"

/** The principal of the request. The handlers of protected endpoints require it. */
export class Principal extends Context.Service<Principal, RequestPrincipal>()("latchkey/guard/Principal") {}

/** The principal of a request that may have no credentials: `None` without them. */
export class OptionalPrincipal extends Context.Service<OptionalPrincipal, Option.Option<RequestPrincipal>>()(
  "latchkey/guard/OptionalPrincipal",
) {}

/**
 * The annotation of an endpoint or a group with requirements: `.annotate(Needs, { scopes: ["orders:read"] })`. That of the
 * endpoint replaces that of the group. A middleware does not see the annotations of the whole API: annotate its groups.
 */
export class Needs extends Context.Service<Needs, Omit<RouteNeeds, "optional">>()("latchkey/guard/Needs") {}

/** The middleware that protects the endpoints of a group or an API: `.middleware(Protected)`. */
export class Protected extends HttpApiMiddleware.Service<Protected, { provides: Principal }>()(
  "latchkey/guard/Protected",
  { security: { bearer: HttpApiSecurity.bearer } },
) {}

/**
 * The middleware of endpoints where a request without credentials passes too: `.middleware(OptionallyProtected)`. It
 * declares no `security`, because OpenAPI would require it.
 */
export class OptionallyProtected extends HttpApiMiddleware.Service<
  OptionallyProtected,
  { provides: OptionalPrincipal }
>()("latchkey/guard/OptionallyProtected") {}

/**
 * Provides {@link Protected}.
 *
 * @param auth the `Auth` service, or a client of `createAuth`
 * @param options see {@link GuardOptions}, without `preflight`
 *
 * Dies with an `AuthError` (`InvalidConfig`, listing every problem) if the options are wrong when the layer is built, or
 * the requirements at the first request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const layer = (auth: Introspector, options: OptionsWithPrincipal = {}): Layer.Layer<Protected> =>
  Layer.sync(Protected, () => {
    const decide = decisions(auth, options, (all) => withOptional(Context.getOrUndefined(all, Needs), false))
    // `HttpApiSecurity` reads the first credentials of the scheme only, and no other scheme.
    return {
      bearer: (next, place) =>
        decide(place, (principal) => Effect.provideService(next, Principal, principal as RequestPrincipal)),
    }
  })

/** Provides {@link OptionallyProtected}. Parameters and failures are those of {@link layer}. */
export const optionalLayer = (
  auth: Introspector,
  options: OptionsWithPrincipal = {},
): Layer.Layer<OptionallyProtected> =>
  Layer.sync(OptionallyProtected, () => {
    const decide = decisions(auth, options, (all) => withOptional(Context.getOrUndefined(all, Needs), true))
    return (next, place) =>
      decide(place, (principal) => Effect.provideService(next, OptionalPrincipal, Option.fromUndefinedOr(principal)))
  })

/** Serves the protected resource metadata (RFC 9728): a layer to merge with that of the API. */
export const metadata = (auth: Introspector, options: OptionsWithPrincipal) => {
  const { settings } = makeGuard(auth, withoutPreflight(auth, options))
  const { resource } = settings
  if (resource === undefined) return Layer.empty
  return HttpRouter.add("*", resource.route as `/${string}`, ({ method }) =>
    Effect.succeed(responseOf(metadataReply(settings, method, resource.path) as Reply)),
  )
}
