/** Logout. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** RP-initiated logout. */
export interface Session {
  /**
   * Makes the URL that logs a browser out.
   *
   * Fails with `InvalidRequest` (a member that requires another one), `UnsupportedOperation` (a member that this vendor
   * would ignore), or with a reason of `metadata.discover`.
   *
   * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
   */
  readonly end: (request?: EndSession, options?: CallOptions) => Effect.Effect<EndSessionUrl, AuthError>
}

/** The session to end, and the URL to return to. */
export interface EndSession {
  /**
   * The ID token of the session to end. Always give it: some vendors require it with `returnTo`. It is dropped if the
   * vendor would ignore it.
   */
  readonly idTokenHint?: string
  /** Where the browser goes after logout: a URL that is registered for the client. */
  readonly returnTo?: string
  readonly state?: string
}

/** The URL that ends the session in the browser. */
export interface EndSessionUrl {
  readonly url: string
}
