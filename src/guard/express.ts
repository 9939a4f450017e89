/** The guard for Express 5. */
import type { NextFunction, Request, RequestHandler, Response } from "express"
import { checkHandler, copyable } from "./binding-arguments.ts"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs, StatedNeeds } from "./needs.ts"
import { addHeaders, closedSignal, nodeRequest, writeReply } from "./node-request.ts"
import type { GuardOptions } from "./options.ts"
import { type Principal, type PrincipalFor, principalIn } from "./principal.ts"
import { GuardError, type Refusal } from "./refusal.ts"
import { whenDecided } from "./when-decided.ts"

/** A request that has passed the guard. It replaces a `Request.auth` that another package declares. */
export type ProtectedRequest<N extends Needs> = Omit<Request, "auth"> & { readonly auth: PrincipalFor<N> }

type Handler<N extends Needs> = (request: ProtectedRequest<N>, response: Response, next: NextFunction) => unknown

/** The options of the guard for Express. */
export interface ExpressOptions extends Omit<GuardOptions, "onRefusal"> {
  /** Called for each refused request; `"next"`: the error handlers of Express respond to a `GuardError`. */
  readonly onRefusal?: GuardOptions["onRefusal"] | "next"
}

/** The function that `guard` returns for Express. */
export interface ExpressProtect {
  /** Makes a handler for requests that pass. Their principal is `request.auth`. */
  <const N extends Needs>(needs: StatedNeeds<N>, handler: Handler<N>): RequestHandler
  (handler: Handler<{ readonly optional: false }>): RequestHandler
  /** Makes a middleware. The handlers after it get the principal from `authOf(request)`. */
  (needs?: Needs): RequestHandler
  /** The middleware that serves the protected resource metadata: `app.use(protect.metadata)`. */
  readonly metadata: RequestHandler
}

/**
 * Protects the routes of Express.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const guard = (auth: Introspector, given: ExpressOptions = {}): ExpressProtect => {
  const { onRefusal, ...options } = copyable(auth, given)
  const delegates = onRefusal === "next"
  const route = makeGuard(auth, delegates || onRefusal === undefined ? options : { ...options, onRefusal })
  const refuse = (refusal: Refusal, response: Response, next: NextFunction): void =>
    delegates ? next(new GuardError(refusal)) : writeReply(response, refusal)
  const protect = (needs: Needs | Handler<Needs> = {}, handler?: Handler<Needs>): RequestHandler => {
    if (typeof needs === "function") return protect({}, needs)
    const decide = route(needs)
    if (handler !== undefined) checkHandler(auth, handler)
    // Express 5 passes the error of a rejected promise to its error handlers.
    return (request, response, next) =>
      whenDecided(decide(nodeRequest(request, closedSignal(response), request.originalUrl)), (decision) => {
        if (!decision.ok) return refuse(decision.refusal, response, next)
        addHeaders(response, decision.headers)
        const passed: Omit<Request, "auth"> = Object.assign(request, { auth: decision.principal })
        return handler === undefined ? next() : handler(passed as ProtectedRequest<Needs>, response, next)
      })
  }
  const metadata: RequestHandler = (request, response, next) => {
    const reply = metadataReply(route.settings, request.method, request.originalUrl)
    if (reply === undefined) next()
    else writeReply(response, reply)
  }
  return Object.assign(protect as ExpressProtect, { metadata })
}

/**
 * Returns the principal of a request that has passed the guard. Throws if the request has no principal: the route has
 * no guard, or it is `optional` and the request has no credentials.
 */
export const authOf = (request: object): Principal => principalIn(request)
