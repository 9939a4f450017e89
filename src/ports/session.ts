/** Logging a user out. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** RP-initiated logout. */
export interface Session {
  /**
   * Makes the URL that sends a browser to log out.
   *
   * Fails with `InvalidRequest` (a member that needs another one), `UnsupportedOperation` (a member this vendor would
   * ignore), or what discovery fails with.
   *
   * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
   */
  readonly end: (request?: EndSession, options?: CallOptions) => Effect.Effect<EndSessionUrl, AuthError>
}

export interface EndSession {
  /** The ID token of the session to end. */
  readonly idTokenHint?: string
  /** Where the browser goes afterwards; one that the client has registered. */
  readonly returnTo?: string
  readonly state?: string
}

export interface EndSessionUrl {
  readonly url: string
}
