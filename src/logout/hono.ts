/** The logout handler for Hono 4. */
import type { Handler } from "hono"
import type { LogoutClient, LogoutOptions } from "./options.ts"
import { backChannelLogout as webLogout } from "./web.ts"

/**
 * Makes the handler of OpenID Connect Back-Channel Logout: `app.all("/logout", backChannelLogout(auth))`.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link LogoutOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options are wrong.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#rfc.section.2.5
 */
export const backChannelLogout = (auth: LogoutClient, options: LogoutOptions = {}): Handler => {
  const logout = webLogout(auth, options)
  return (context) => logout(context.req.raw)
}
