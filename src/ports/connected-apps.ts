/** Access tokens of third parties that the vendor stores for a user or an organization. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/**
 * Connections between a user or an organization and a third party, through the vendor.
 *
 * All fail with `InvalidRequest`, `InvalidClient`, `AccessDenied`, `RateLimited`, `Unavailable` or
 * `UnexpectedResponse`.
 */
export interface ConnectedApps {
  /** Makes the URL that sends the browser to the third party. Never retried. Fails with `NotFound`. */
  readonly authUrl: (input: ConnectRequest, options?: CallOptions) => Effect.Effect<ConnectSession, AuthError>
  /** Gets the third party's current access token. Call it again to refresh the token. Fails with `InvalidGrant`. */
  readonly token: (sessionId: string, options?: CallOptions) => Effect.Effect<ConnectedToken, AuthError>
  /** Ends the connection. */
  readonly revoke: (sessionId: string, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** For a user or for an organization: neither, or both, does not compile. */
export type ConnectRequest = { readonly app: string; readonly callbackUrl?: string } & (
  | { readonly userId: string; readonly organization?: never }
  | { readonly organization: string; readonly userId?: never }
)

/** The URL at which the user connects the account, and the id of the connection. */
export interface ConnectSession {
  readonly url: string
  readonly sessionId: string
}

/** An access token of the third party. */
export interface ConnectedToken {
  readonly accessToken: string
  readonly expiresAt?: Date
  /** The vendor's own text, if its format is not documented. */
  readonly rawExpiry?: string
}
