/** The guard for servers of the Model Context Protocol. Handlers get the SDK's `AuthInfo`, with the principal in `extra`. */
import type { AuthInfo, OAuthTokenVerifier } from "@modelcontextprotocol/server"
import type { RequestHandler } from "express"
import { authInfoOf } from "./auth-info.ts"
import { checkHandler } from "./binding-arguments.ts"
import { guard as expressGuard } from "./express.ts"
import { makeGuard } from "./guard.ts"
import type { Introspector } from "./introspector.ts"
import { type Needs, withOptional } from "./needs.ts"
import type { OptionsWithPrincipal } from "./options.ts"
import type { Principal } from "./principal.ts"
import { withoutPreflight, withoutProofs } from "./settings.ts"
import { webGuard } from "./web.ts"

export { authInfoOf }

type Handle = (request: Request, context: { readonly authInfo: AuthInfo }) => Response | Promise<Response>

/** The function that `guard` returns for MCP servers. */
export interface McpProtect {
  /** Makes a middleware for Express, which puts the `AuthInfo` into `request.auth`. */
  (needs?: Omit<Needs, "optional">): RequestHandler
  /** Makes a handler of `Request`, such as that of `createMcpHandler`, for requests that pass. */
  readonly web: (needs: Omit<Needs, "optional">, handle: Handle) => (request: Request) => Promise<Response>
  /** The middleware for Express that serves the protected resource metadata. */
  readonly metadata: RequestHandler
  /** Returns the response to a request for the protected resource metadata; `undefined` for any other request. */
  readonly webMetadata: (request: Request) => Response | undefined
}

/**
 * Protects an MCP server. During an outage it responds with 503, unlike the middleware of the SDK.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}, without `preflight`; MCP requires `publicUrl` and `metadata`
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const guard = (auth: Introspector, options: OptionsWithPrincipal = {}): McpProtect => {
  const express = expressGuard(auth, withoutPreflight(auth, options))
  const web = webGuard(auth, options)
  const resource = options.metadata?.resource ?? options.publicUrl
  const protect = (needs?: Needs): RequestHandler =>
    express(withOptional(needs, false), (request, _, next) => {
      Object.assign(request, { auth: authInfoOf(request.auth, resource) })
      next()
    })
  return Object.assign(protect, {
    web: (needs: Needs, handle: Handle) => {
      checkHandler(auth, handle)
      return web(withOptional(needs, false), (request, { auth: principal }) =>
        handle(request, { authInfo: authInfoOf(principal, resource) }),
      )
    },
    metadata: express.metadata,
    webMetadata: web.metadata,
  })
}

/**
 * Makes a verifier for the middleware of the SDK, versions 1 and 2, which responds with 500 during an outage: see
 * {@link guard}.
 *
 * @param invalidToken makes the error that the SDK answers with 401, such as `(text) => new InvalidTokenError(text)`
 * with version 1; `OAuthError` with version 2
 */
export const verifier = (
  auth: Introspector,
  invalidToken: (message: string) => Error,
  options: Omit<OptionsWithPrincipal, "dpop"> = {},
): OAuthTokenVerifier => {
  const check = makeGuard(auth, withoutProofs(auth, options))()
  return {
    verifyAccessToken: async (token) => {
      const header = (name: string) => (name === "authorization" ? `Bearer ${token}` : undefined)
      const decision = await check({ method: "POST", target: "/", header })
      if (decision.ok)
        return authInfoOf(decision.principal as Principal, options.metadata?.resource ?? options.publicUrl)
      if (decision.refusal.status < 500) throw invalidToken("The access token is not valid.")
      throw new Error("The access token cannot be checked at the moment.")
    },
  }
}
