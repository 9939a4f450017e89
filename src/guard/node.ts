/** The guard for `node:http`. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { checkHandler } from "./binding-arguments.ts"
import { type Decision, makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs, StatedNeeds } from "./needs.ts"
import { addHeaders, closedSignal, nodeRequest, writeReply } from "./node-request.ts"
import type { GuardOptions } from "./options.ts"
import type { PrincipalFor } from "./principal.ts"
import { whenDecided } from "./when-decided.ts"

/** A request that has passed the guard. */
export type Protected<N extends Needs> = IncomingMessage & { readonly auth: PrincipalFor<N> }

type Handler<N extends Needs> = (request: Protected<N>, response: ServerResponse) => unknown
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** The function that `nodeGuard` returns. */
export interface NodeProtect {
  /** Makes a request listener that calls the handler only for requests that pass. */
  <const N extends Needs>(needs: StatedNeeds<N>, handler: Handler<N>): Listener
  (handler: Handler<Needs & { readonly optional?: false }>): Listener
  /**
   * Makes the decision alone: the caller writes the response to a refused request. For an upgrade request, pass the
   * socket.
   */
  readonly check: (
    needs?: Needs,
  ) => (request: IncomingMessage, response: ServerResponse | Duplex) => Decision | Promise<Decision>
  /** Responds to a request for the protected resource metadata. Returns whether it was one. */
  readonly metadata: (request: IncomingMessage, response: ServerResponse) => boolean
}

/**
 * Protects request listeners of `node:http`.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const nodeGuard = (auth: Introspector, options: GuardOptions = {}): NodeProtect => {
  const guard = makeGuard(auth, options)
  const check: NodeProtect["check"] = (needs) => {
    const decide = guard(needs)
    return (request, response) => decide(nodeRequest(request, closedSignal(response)))
  }
  const protect = (needs: Needs | Handler<Needs>, handler?: Handler<Needs>): Listener => {
    if (typeof needs === "function") return protect({}, needs)
    const decide = check(needs)
    checkHandler(auth, handler)
    return (request, response) =>
      whenDecided(decide(request, response), (decision) => {
        if (!decision.ok) return writeReply(response, decision.refusal)
        addHeaders(response, decision.headers)
        return handler?.(Object.assign(request, { auth: decision.principal as PrincipalFor<Needs> }), response)
      })
  }
  const metadata: NodeProtect["metadata"] = (request, response) => {
    const reply = metadataReply(guard.settings, request.method ?? "GET", request.url ?? "/")
    if (reply !== undefined) writeReply(response, reply)
    return reply !== undefined
  }
  return Object.assign(protect as NodeProtect, { check, metadata })
}
