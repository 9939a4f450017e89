/** The logout handler for Fastify 5. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { makeLogout } from "./logout.ts"
import { logoutRequest } from "./node-request.ts"
import type { LogoutClient, LogoutOptions } from "./options.ts"

/**
 * Makes the handler of OpenID Connect Back-Channel Logout as a plugin: `app.register(backChannelLogout(auth, "/logout"))`.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param path the path of the logout URI
 * @param options see {@link LogoutOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options are wrong.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#rfc.section.2.5
 */
export const backChannelLogout = (
  auth: LogoutClient,
  path: string,
  options: LogoutOptions = {},
): ((instance: FastifyInstance) => Promise<void>) => {
  const logout = makeLogout(auth, options)
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { status, headers, body } = await logout(logoutRequest(request.raw))
    // Bytes, because Fastify adds a `charset` to the content type of a text.
    return reply
      .code(status)
      .headers(headers)
      .send(body && Buffer.from(body))
  }
  // In front of the parser of Fastify, which has none for forms.
  return async (instance) => void instance.all(path, { onRequest: serve }, serve)
}
