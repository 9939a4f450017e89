/** Getting tokens. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** The grants of OAuth 2.0, without the two that RFC 9700 forbids and advises against (password and implicit). */
export interface Issuance {
  /**
   * Makes the URL that sends a browser to log in, with PKCE (S256), state and nonce, always.
   *
   * Keep `transaction` where only this browser's session can reach it, and hand it to `exchange`. The verifier in it is
   * a secret.
   *
   * Fails with `InvalidRequest` (no redirect URI, an `extra` parameter this vendor does not know), or what discovery
   * fails with.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1
   */
  readonly authorize: (request: AuthorizeRequest, options?: CallOptions) => Effect.Effect<Authorization, AuthError>
  /**
   * Exchanges the code in the redirect back for tokens, after checking provider, issuer, redirect URI and state.
   *
   * A code works once: the call is never repeated by itself.
   *
   * @param callbackUrl the full URL that the browser came back to
   * @param transaction what `authorize` gave for this browser
   *
   * Fails with `InvalidCallback`, `AccessDenied` or `InteractionRequired` (what the vendor put in the redirect),
   * `InvalidGrant`, `InvalidClient`, `InvalidRequest`, `RateLimited`, `Unavailable` or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
   */
  readonly exchange: (
    callbackUrl: string | URL,
    transaction: Transaction,
    options?: CallOptions,
  ) => Effect.Effect<Tokens, AuthError>
  /**
   * Gets new tokens for a refresh token. An answer without a refresh token keeps the old one.
   *
   * Never repeated by itself: on many vendors a second use of one refresh token ends the whole grant.
   *
   * @param options `scopes`: fewer than were granted; refused where the vendor would ignore it
   *
   * Fails with `InvalidGrant`, `InvalidClient`, `InvalidRequest`, `UnsupportedOperation` (`scopes`), `RateLimited`,
   * `Unavailable` or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
   */
  readonly refresh: (refreshToken: string, options?: RefreshOptions) => Effect.Effect<Tokens, AuthError>
  /**
   * Gets a token for this service itself.
   *
   * With the policy `tokenCache` it is the same one until shortly before its end, for the same scopes and audience.
   *
   * @param request `scopes`: default the configured ones; `audience`: the APIs it is for, refused where the vendor
   * would ignore it
   * @param options `refused`: a token that was not taken, so that another one is fetched
   *
   * Fails with `InvalidClient`, `InvalidRequest`, `UnsupportedOperation`, `RateLimited`, `Unavailable` or
   * `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
   */
  readonly clientCredentials: (
    request?: GrantRequest,
    options?: ClientCredentialsOptions,
  ) => Effect.Effect<Tokens, AuthError>
  /**
   * Starts the login of a device without a browser: show the user `userCode` and `verificationUri`, then `pollDevice`.
   *
   * Fails as `clientCredentials` does.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
   */
  readonly deviceAuthorization: (
    request?: GrantRequest,
    options?: CallOptions,
  ) => Effect.Effect<DeviceAuthorization, AuthError>
  /**
   * Waits until the user has finished (or refused) on the other device, and gets the tokens.
   *
   * Asks at the vendor's interval, five seconds more after each `slow_down`, and ends with `InvalidGrant` at
   * `expiresAt` whatever the vendor says.
   *
   * Fails with `InvalidGrant`, `AccessDenied`, `InvalidClient`, `InvalidRequest`, `RateLimited`, `Unavailable` or
   * `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4
   */
  readonly pollDevice: (device: DeviceAuthorization, options?: CallOptions) => Effect.Effect<Tokens, AuthError>
  /**
   * Exchanges a JWT signed by a trusted issuer for an access token.
   *
   * @param assertion the compact JWT
   *
   * Fails with `InvalidGrant`, `InvalidClient`, `InvalidRequest`, `RateLimited`, `Unavailable` or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.1
   */
  readonly jwtBearer: (assertion: string, options?: JwtBearerOptions) => Effect.Effect<Tokens, AuthError>
}

export interface AuthorizeRequest {
  /** Default: the configured scopes, or `["openid"]`. */
  readonly scopes?: ReadonlyArray<string>
  /** Asks for a refresh token, in this vendor's way. */
  readonly offline?: boolean
  /** Default: the configured one. Absolute. */
  readonly redirectUri?: string
  readonly prompt?: "none" | "login" | "consent" | "select_account" | "create"
  readonly loginHint?: string
  /** The vendor's own parameters; those it does not document are refused. */
  readonly extra?: Readonly<Record<string, string | ReadonlyArray<string>>>
}

export interface Authorization {
  /** Where to send the browser. */
  readonly url: string
  readonly transaction: Transaction
}

/** What must be remembered between sending a browser away and its coming back. Plain data; JSON keeps it whole. */
export interface Transaction {
  readonly provider: string
  readonly issuer: string
  readonly state: string
  readonly nonce: string
  /** The PKCE code verifier: a secret. */
  readonly verifier: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** When it was made, in milliseconds since 1970. */
  readonly created: number
  /** The seconds that may have passed since the user logged in, where `extra` said so (`max_age`); `exchange` checks it. */
  readonly maxAge?: number
}

export interface RefreshOptions extends CallOptions {
  readonly scopes?: ReadonlyArray<string>
}

export interface GrantRequest {
  readonly scopes?: ReadonlyArray<string>
  readonly audience?: ReadonlyArray<string>
}

export interface ClientCredentialsOptions extends CallOptions {
  /** A token of this operation's that an API refused with `invalid_token`: it is not given again, to anybody. */
  readonly refused?: string
}

export interface JwtBearerOptions extends CallOptions {
  readonly scopes?: ReadonlyArray<string>
}

/** A token endpoint's answer. Its tokens are secrets in the clear: keep it out of logs. */
export interface Tokens {
  readonly accessToken: string
  /** Usually `"bearer"`, in lower case. */
  readonly tokenType: string
  /** Absent: the vendor did not say. It does not mean for ever. */
  readonly expiresAt?: Date
  /**
   * What was granted; as requested, when the vendor did not say. After a `refresh` that named none, `[]` means that
   * nothing was said: the scopes are as before.
   */
  readonly scopes: ReadonlyArray<string>
  readonly refreshToken?: string
  readonly idToken?: string
  /** The ID token's claims, after its checks. */
  readonly idClaims?: Readonly<Record<string, unknown>>
}

/** A device login under way. */
export interface DeviceAuthorization {
  readonly deviceCode: string
  readonly userCode: string
  readonly verificationUri: string
  readonly verificationUriComplete?: string
  readonly expiresAt: Date
  /** Seconds between two questions. */
  readonly interval: number
  /** What was asked for; the answer's scopes when the vendor names none. */
  readonly scopes: ReadonlyArray<string>
}
