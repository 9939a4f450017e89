/** The logout handler for `Request` and `Response`: Next.js route handlers, Bun, Deno, Workers. */
import { responseOf } from "../guard/web-request.ts"
import { textOf } from "./form.ts"
import { makeLogout } from "./logout.ts"
import type { LogoutClient, LogoutOptions } from "./options.ts"

/**
 * Makes the handler of OpenID Connect Back-Channel Logout: it ends what the client has cached about a session.
 *
 * The response is 200 when the logout is in force; 400 to a token that is not valid; 503, with `Retry-After`, if the keys
 * of the issuer are unavailable or a session could not be ended.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link LogoutOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options are wrong.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#rfc.section.2.5
 */
export const backChannelLogout = (
  auth: LogoutClient,
  options: LogoutOptions = {},
): ((request: Request) => Promise<Response>) => {
  const logout = makeLogout(auth, options)
  return async (request) =>
    responseOf(
      await logout({
        method: request.method,
        contentType: request.headers.get("content-type"),
        body: async () => (request.body === null ? "" : textOf(chunksOf(request.body))),
      }),
    )
}

/** Some platforms cannot iterate a stream. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}
