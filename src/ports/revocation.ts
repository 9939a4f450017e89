/** Token revocation. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** Token revocation (RFC 7009). */
export interface Revocation {
  /**
   * Revokes an access or refresh token. Success means that the vendor accepted the request.
   *
   * Revoking a token that is already inactive succeeds. The vendor's page describes the effect on the other token of
   * the pair, and on a token of another client.
   *
   * Fails with `InvalidClient`, `InvalidRequest`, `AccessDenied`, `RateLimited`, `Unavailable` (the token may still
   * be active) or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7009
   */
  readonly revoke: (token: string, options?: CallOptions) => Effect.Effect<void, AuthError>
}
