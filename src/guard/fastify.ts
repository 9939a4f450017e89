/** The guard for Fastify 5: a plugin, and a hook for each route. */
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from "fastify"
import { copyable } from "./binding-arguments.ts"
import { fastifyPlugin, send, sendRefusal } from "./fastify-plugin.ts"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Needs } from "./needs.ts"
import { closedSignal, nodeRequest } from "./node-request.ts"
import type { GuardOptions } from "./options.ts"
import { type Principal, principalIn } from "./principal.ts"
import { GuardError } from "./refusal.ts"
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
  /**
   * The plugin that declares `request.auth` and serves the metadata: `app.register(protect.plugin)`. Register it first, and
   * with `metadata` outside every prefix.
   */
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
export const guard = (auth: Introspector, given: FastifyOptions = {}): FastifyProtect => {
  const { onRefusal, decoratorName = "auth", ...options } = copyable(auth, given)
  if (typeof decoratorName !== "string" || decoratorName === "")
    throw invalidConfig(auth.id, [{ path: "decoratorName", message: 'expected a name, such as "user"' }])
  const throws = onRefusal === "throw"
  const route = makeGuard(auth, throws || onRefusal === undefined ? options : { ...options, onRefusal })
  const path = route.settings.resource?.path
  const protect = (needs?: Needs): onRequestHookHandler => {
    const decide = route(needs)
    return (request, reply, done) => {
      // A hook of the whole instance runs for the metadata too, which clients read before they have a token.
      if (path !== undefined && request.originalUrl.includes(path)) {
        const answer = metadataReply(route.settings, request.method, request.originalUrl)
        if (answer !== undefined) return void send(reply, answer)
      }
      return void whenDecided(
        decide(nodeRequest(request.raw, closedSignal(reply.raw), request.originalUrl)),
        (decision) => {
          if (!decision.ok)
            return throws ? done(new GuardError(decision.refusal)) : sendRefusal(reply, decision.refusal)
          if (decision.headers !== undefined) reply.headers(decision.headers)
          request[decoratorName as "auth"] = decision.principal ?? null
          return done()
        },
      )
    }
  }
  const plugin = fastifyPlugin(auth, route.settings, decoratorName)
  return Object.assign(protect, { plugin, authOf: (request: FastifyRequest) => principalIn(request, decoratorName) })
}
