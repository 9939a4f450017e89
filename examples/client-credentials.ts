/** Calls another service with an access token of this service. */
import type { AnyAuth, GrantRequest } from "latchkey"

/**
 * Sends a request with an access token, which latchkey caches and refreshes before it expires.
 *
 * If the other service rejects the token, which may have been revoked, the request is sent once more with a new token.
 *
 * @param auth `createAuth(fromEnv(process.env))`
 * @param grant the scopes and the audience of the token
 */
export const callService = async (
  auth: Pick<AnyAuth, "clientCredentials">,
  grant: GrantRequest,
  url: string,
  init: RequestInit & { readonly body?: string } = {},
): Promise<Response> => {
  const send = (accessToken: string): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set("authorization", `Bearer ${accessToken}`)
    return fetch(url, { ...init, headers })
  }
  const { accessToken } = await auth.clientCredentials(grant)
  const response = await send(accessToken)
  if (response.status !== 401) return response
  await response.body?.cancel()
  const renewed = await auth.clientCredentials(grant, { refused: accessToken })
  return send(renewed.accessToken)
}
