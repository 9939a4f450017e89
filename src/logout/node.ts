/** The logout handler for `node:http`. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { writeReply } from "../guard/node-request.ts"
import { makeLogout } from "./logout.ts"
import { logoutRequest } from "./node-request.ts"
import type { LogoutClient, LogoutOptions } from "./options.ts"

/**
 * Makes the handler of OpenID Connect Back-Channel Logout for `node:http`.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link LogoutOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options are wrong.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#rfc.section.2.5
 */
export const nodeBackChannelLogout = (
  auth: LogoutClient,
  options: LogoutOptions = {},
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const logout = makeLogout(auth, options)
  return async (request, response) => writeReply(response, await logout(logoutRequest(request)))
}
