/** The guard for Fastify 5: a plugin, and a hook for each route. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs } from "./needs.ts"
import { closedSignal, nodeRequest } from "./node-request.ts"
import type { GuardOptions } from "./options.ts"
import { type Principal, principalIn } from "./principal.ts"
import { GuardError, type Reply } from "./refusal.ts"
import { invalidConfig } from "./settings.ts"
import { whenDecided } from "./when-decided.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** The principal, after the guard of the route; `null` before it, and without credentials where they are optional. */
    auth: Principal | null
  }
}

/** The options of the guard for Fastify. */
export interface FastifyOptions extends Omit<GuardOptions, "onRefusal"> {
  /** Called for each refused request; `"throw"`: the error handler of Fastify responds to a `GuardError`. */
  readonly onRefusal?: GuardOptions["onRefusal"] | "throw"
  /** The member of the request that holds the principal, such as `"user"`. Default `"auth"`, which has a type. */
  readonly decoratorName?: string
}

/** The function that `guard` returns for Fastify. */
export interface FastifyProtect {
  /** Makes the hook of a route: `{ onRequest: protect({ scopes: ["orders:read"] }) }`. It runs before the body is read. */
  (needs?: Needs): onRequestHookHandler
  /**
   * Returns the principal of a request that has passed. Throws if the request has no principal: the route has no guard,
   * or it is `optional` and the request has no credentials.
   */
  readonly authOf: (request: FastifyRequest) => Principal
  /** The plugin that declares `request.auth` and serves the metadata: `app.register(protect.plugin)`. Register it first. */
  readonly plugin: (instance: FastifyInstance) => Promise<void>
}

/**
 * Protects the routes of Fastify.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const guard = (
  auth: Introspector,
  { onRefusal, decoratorName = "auth", ...options }: FastifyOptions = {},
): FastifyProtect => {
  if (typeof decoratorName !== "string" || decoratorName === "")
    throw invalidConfig(auth.id, [{ path: "decoratorName", message: 'expected a name, such as "user"' }])
  const throws = onRefusal === "throw"
  const route = makeGuard(auth, throws || onRefusal === undefined ? options : { ...options, onRefusal })
  const protect = (needs?: Needs): onRequestHookHandler => {
    const decide = route(needs)
    return (request, reply, done) => {
      void whenDecided(decide(nodeRequest(request.raw, closedSignal(reply.raw), request.originalUrl)), (decision) => {
        if (!decision.ok) return throws ? done(new GuardError(decision.refusal)) : send(reply, decision.refusal)
        if (decision.headers !== undefined) reply.headers(decision.headers)
        request[decoratorName as "auth"] = decision.principal ?? null
        return done()
      })
    }
  }
  const plugin = async (instance: FastifyInstance): Promise<void> => {
    instance.decorateRequest(decoratorName, null)
    const path = route.settings.resource?.path
    const serve = async (request: FastifyRequest, reply: FastifyReply) => {
      const answer = metadataReply(route.settings, request.method, request.originalUrl)
      return answer === undefined ? reply.callNotFound() : send(reply, answer)
    }
    // Before Fastify refuses a body, so that each other method gets the same response.
    if (path !== undefined) instance.all(path, { onRequest: serve }, serve)
  }
  // What the package fastify-plugin marks: the decorator is for the whole instance.
  Object.assign(plugin, { [Symbol.for("skip-override")]: true, [Symbol.for("fastify.display-name")]: "latchkey" })
  return Object.assign(protect, { plugin, authOf: (request: FastifyRequest) => principalIn(request, decoratorName) })
}

/** Bytes, because Fastify adds a `charset` to the content type of a text. */
const send = (reply: FastifyReply, { status, headers, body }: Reply): FastifyReply => {
  reply.code(status).headers(headers)
  return reply.send(body && Buffer.from(body))
}
