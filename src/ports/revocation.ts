/** Ending a token's life. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** Token revocation (RFC 7009). */
export interface Revocation {
  /**
   * Revokes an access or refresh token; done means that the vendor accepted the request.
   *
   * Revoking a token that is already dead succeeds. Whether the other half of the pair dies too, and what happens to a
   * token of another client, is the vendor's: see its page.
   *
   * Fails with `InvalidClient`, `InvalidRequest`, `AccessDenied`, `RateLimited`, `Unavailable` (the token may still
   * live) or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7009
   */
  readonly revoke: (token: string, options?: CallOptions) => Effect.Effect<void, AuthError>
}
