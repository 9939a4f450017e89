/** The guard for Hono 4. */
import type { MiddlewareHandler } from "hono"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs, StatedNeeds } from "./needs.ts"
import type { GuardOptions } from "./options.ts"
import type { PrincipalFor } from "./principal.ts"
import { isCopyable, responseOf, targetOf, webRequest } from "./web-request.ts"

type Variables<N extends Needs> = { readonly Variables: { readonly auth: PrincipalFor<N> } }

/** The function that `guard` returns for Hono. */
export interface HonoProtect {
  /** Makes the middleware of a route. The handlers after it get the principal from `c.var.auth`. */
  <const N extends Needs = { readonly optional: false }>(needs?: StatedNeeds<N>): MiddlewareHandler<Variables<N>>
  /** The middleware that serves the protected resource metadata: `app.use(protect.metadata)`. */
  readonly metadata: MiddlewareHandler
}

/**
 * Protects the routes of Hono.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const guard = (auth: Introspector, options: GuardOptions = {}): HonoProtect => {
  const route = makeGuard(auth, options)
  const protect = (needs?: Needs): MiddlewareHandler => {
    const decide = route(needs)
    return async (context, next) => {
      const decided = decide(webRequest(context.req.raw))
      // An unneeded `await` would delay every request.
      const decision = decided instanceof Promise ? await decided : decided
      if (!decision.ok) return responseOf(decision.refusal)
      context.set("auth", decision.principal)
      await next()
      const { headers } = decision
      if (headers !== undefined && isCopyable(context.res))
        for (const [name, value] of Object.entries(headers)) context.header(name, value)
      return undefined
    }
  }
  const metadata: MiddlewareHandler = async (context, next) => {
    const reply = metadataReply(route.settings, context.req.method, targetOf(context.req.url))
    return reply === undefined ? next() : responseOf(reply)
  }
  return Object.assign(protect as HonoProtect, { metadata })
}
