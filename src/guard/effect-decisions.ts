/** Decides about the requests of an HttpApi: one check for each endpoint of each group. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import { effectRequest, responseOf } from "./effect-request.ts"
import { type Check, makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import type { Needs } from "./needs.ts"
import type { GuardOptions } from "./options.ts"
import type { Principal } from "./principal.ts"
import { withoutPreflight } from "./settings.ts"

/** An endpoint, and the group that has it. An endpoint may be in several groups, whose requirements differ. */
interface Place {
  readonly endpoint: HttpApiEndpoint.Top
  readonly group: HttpApiGroup.Top
}

/** Makes the check of a place once. */
const checksOf = (makeCheck: (place: Place) => Check): ((place: Place) => Check) => {
  const groups = new WeakMap<object, WeakMap<object, Check>>()
  return (place) => {
    const checks = groups.get(place.group) ?? new WeakMap<object, Check>()
    groups.set(place.group, checks)
    const check = checks.get(place.endpoint) ?? makeCheck(place)
    checks.set(place.endpoint, check)
    return check
  }
}

type Response = HttpServerResponse.HttpServerResponse

/**
 * Makes a function that decides about a request, and responds with the refusal or with what `passed` returns.
 *
 * @param needsOf returns the requirements of an endpoint
 */
export const decisions = (
  auth: Introspector,
  options: GuardOptions,
  needsOf: (annotations: Context.Context<never>) => Needs,
) => {
  const guard = makeGuard(auth, withoutPreflight(auth, options))
  const checkOf = checksOf(({ endpoint, group }) =>
    guard(needsOf(Context.merge(group.annotations, endpoint.annotations))),
  )
  return <E, R>(place: Place, passed: (principal: Principal | undefined) => Effect.Effect<Response, E, R>) =>
    Effect.contextWith((context: Context.Context<HttpServerRequest>) => {
      const request = Context.get(context, HttpServerRequest)
      const decided = Effect.promise(async (signal) =>
        checkOf(place)(Object.assign(effectRequest(request, signal), { context })),
      )
      return Effect.flatMap(decided, (decision) =>
        decision.ok
          ? Effect.map(passed(decision.principal), HttpServerResponse.setHeaders(decision.headers ?? {}))
          : Effect.succeed(responseOf(decision.refusal)),
      )
    })
}
