/** The guard for handlers of `Request` and `Response`: Next.js route handlers, Bun, Deno, Workers. */
import { checkHandler } from "./binding-arguments.ts"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs, StatedNeeds } from "./needs.ts"
import type { GuardOptions } from "./options.ts"
import type { Principal, PrincipalFor } from "./principal.ts"
import { responseOf, targetOf, webRequest, withHeaders } from "./web-request.ts"

/** Gets the framework's own second argument, such as the `params` of Next.js, with `auth` added. */
type Handler<N extends Needs, Extra extends object> = (
  request: Request,
  context: Extra & { readonly auth: PrincipalFor<N> },
) => Response | Promise<Response>

type Protected<Extra extends object> = (request: Request, context?: Omit<Extra, "auth">) => Promise<Response>

/** The function that `webGuard` returns. */
export interface WebProtect {
  /** Makes a handler that calls yours only for requests that pass. */
  <const N extends Needs, Extra extends object = object>(
    needs: StatedNeeds<N>,
    handler: Handler<N, Extra>,
  ): Protected<Extra>
  <Extra extends object = object>(handler: Handler<{ readonly optional: false }, Extra>): Protected<Extra>
  /** Returns the principal of a request, or the response to a refused one. */
  readonly verify: <const N extends Needs = { readonly optional: false }>(
    request: Request,
    needs?: StatedNeeds<N>,
  ) => Promise<PrincipalFor<N> | Response>
  /** Returns the response to a request for the protected resource metadata; `undefined` for any other request. */
  readonly metadata: (request: Request) => Response | undefined
}

/**
 * Protects handlers of `Request` and `Response`.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const webGuard = (auth: Introspector, options: GuardOptions = {}): WebProtect => {
  const guard = makeGuard(auth, options)
  const protect = (needs: Needs | Handler<Needs, object>, handler?: Handler<Needs, object>): Protected<object> => {
    if (typeof needs === "function") return protect({}, needs)
    const decide = guard(needs)
    checkHandler(auth, handler)
    return async (request, context) => {
      const decision = await decide(webRequest(request))
      if (!decision.ok) return responseOf(decision.refusal)
      const auth = decision.principal as Principal
      const response = await handler?.(request, { ...context, auth })
      return withHeaders(response ?? new Response(null, { status: 204 }), decision.headers)
    }
  }
  return Object.assign(protect as WebProtect, {
    verify: (async (request, needs) => {
      const decision = await guard(needs)(webRequest(request))
      return decision.ok ? decision.principal : responseOf(decision.refusal)
    }) as WebProtect["verify"],
    metadata: (request: Request) => {
      const reply = metadataReply(guard.settings, request.method, targetOf(request.url))
      return reply && responseOf(reply)
    },
  })
}
