/** Protects a function with token introspection, for servers that use `Request` and `Response`. */
import { type ActiveToken, type AnyAuth, AuthError, type TokenState } from "latchkey"

/**
 * Calls a function only for requests with an active bearer token that has a scope.
 *
 * Other requests get 401 (no active token), 403 (the scope is missing) or 503 (the vendor is unavailable).
 *
 * @param auth `createAuth(fromEnv(process.env))`
 */
export const protect =
  (auth: Pick<AnyAuth, "introspect">, scope: string, handle: (token: ActiveToken, request: Request) => Response) =>
  async (request: Request): Promise<Response> => {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
    if (bearer === undefined) return rejection(401, "Bearer")
    const token = await stateOf(auth, bearer)
    // The state of the token is unknown, so it is not accepted.
    if (token === undefined) return new Response(null, { status: 503 })
    if (!token.active) return rejection(401, 'Bearer error="invalid_token"')
    if (!token.scopes?.includes(scope)) return rejection(403, `Bearer error="insufficient_scope", scope="${scope}"`)
    return handle(token, request)
  }

const stateOf = async (auth: Pick<AnyAuth, "introspect">, token: string): Promise<TokenState | undefined> => {
  try {
    return await auth.introspect(token, { timeout: "2 seconds" })
  } catch (error) {
    if (error instanceof AuthError && error.isRetryable) return undefined
    throw error
  }
}

/** A response with a challenge (RFC 6750 section 3). */
const rejection = (status: number, challenge: string): Response =>
  new Response(null, { status, headers: { "www-authenticate": challenge } })
