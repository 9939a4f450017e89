/** The operations that issue tokens. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** The grants of OAuth 2.0, without those that RFC 9700 forbids (password) or advises against (implicit). */
export interface Issuance {
  /**
   * Makes the URL that sends a browser to log in. It always has PKCE (S256), state and nonce.
   *
   * Keep `transaction` where only this browser's session can read it, and pass it to `exchange`. It holds the PKCE code
   * verifier, which is a secret.
   *
   * Fails with `InvalidRequest` (no redirect URI, or an `extra` parameter that this vendor does not document),
   * `UnsupportedOperation` (an argument that this vendor would ignore), or with a reason of `metadata.discover`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1
   */
  readonly authorize: (request: AuthorizeRequest, options?: CallOptions) => Effect.Effect<Authorization, AuthError>
  /**
   * Exchanges the authorization code of a callback for tokens, after checking provider, issuer, redirect URI and state.
   *
   * An authorization code works once: the call is never retried.
   *
   * @param callbackUrl the full URL of the callback
   * @param transaction the result of `authorize` for this browser
   *
   * Fails with `InvalidCallback`, `AccessDenied` or `InteractionRequired` (the vendor's error in the callback),
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
   * Gets new tokens for a refresh token. If the response has no refresh token, the result holds the old one.
   *
   * Never retried: with many vendors a second use of one refresh token ends the whole grant.
   *
   * @param options `scopes`: fewer than were granted; unsupported if the vendor would ignore them
   *
   * Fails with `InvalidGrant`, `InvalidClient`, `InvalidRequest`, `UnsupportedOperation` (`scopes`), `RateLimited`,
   * `Unavailable` or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
   */
  readonly refresh: (refreshToken: string, options?: RefreshOptions) => Effect.Effect<Tokens, AuthError>
  /**
   * Gets an access token for this service itself.
   *
   * With the policy `tokenCache`, calls with the same scopes and audience share one token until shortly before it
   * expires.
   *
   * @param request `scopes`: by default the configured scopes; `audience`: the APIs that the token is for, unsupported
   * if the vendor would ignore it
   * @param options `refused`: a token that an API rejected, so that a new one is requested
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
   * Starts a login on a device without a browser. Show the user `userCode` and `verificationUri`, then call
   * `pollDevice`.
   *
   * Fails with the same reasons as `clientCredentials`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
   */
  readonly deviceAuthorization: (
    request?: GrantRequest,
    options?: CallOptions,
  ) => Effect.Effect<DeviceAuthorization, AuthError>
  /**
   * Waits until the user accepts or denies on the other device, and gets the tokens.
   *
   * Polls at the server's interval, which grows by five seconds after each `slow_down`. A retryable error (429, 502, 503,
   * a timeout, a connection reset) does not end the polling: `Retry-After` is obeyed, and each timeout doubles the interval
   * up to a minute. Fails with `InvalidGrant` at `expiresAt`, even if the server still responds with
   * `authorization_pending`. The `timeout` of the configuration does not apply: `expiresAt` and the `timeout` of the call
   * limit the whole, and `attemptTimeout` limits each poll.
   *
   * @param device the result of `deviceAuthorization`, also after a way through JSON
   *
   * Fails with `InvalidGrant`, `AccessDenied`, `InvalidClient`, `InvalidRequest`, `Unavailable` (the call's `timeout`) or
   * `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4
   */
  readonly pollDevice: (device: PendingDevice, options?: CallOptions) => Effect.Effect<Tokens, AuthError>
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

/** The request of a login. */
export interface AuthorizeRequest {
  /** Default: the configured scopes, or `["openid"]`. */
  readonly scopes?: ReadonlyArray<string>
  /** The APIs that the access token is for. Unsupported if the vendor would ignore it. */
  readonly audience?: ReadonlyArray<string>
  /** Requests a refresh token, in this vendor's way. */
  readonly offline?: boolean
  /** An absolute URL. Default: the configured one. */
  readonly redirectUri?: string
  readonly prompt?: "none" | "login" | "consent" | "select_account" | "create"
  readonly loginHint?: string
  /** The vendor's own parameters. A parameter that the vendor does not document is rejected. */
  readonly extra?: Readonly<Record<string, string | ReadonlyArray<string>>>
}

export interface Authorization {
  /** The URL to which the browser is sent. */
  readonly url: string
  readonly transaction: Transaction
}

/** The data that `exchange` needs when the browser returns. It can be stored as JSON. */
export interface Transaction {
  readonly provider: string
  readonly issuer: string
  readonly state: string
  readonly nonce: string
  /** The PKCE code verifier: a secret. */
  readonly verifier: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** The time of `authorize`, in milliseconds since 1970. */
  readonly createdAtMillis: number
  /** The `max_age` of `extra`: the longest time since the user logged in. `exchange` checks it. */
  readonly maxAgeSeconds?: number
}

export interface RefreshOptions extends CallOptions {
  readonly scopes?: ReadonlyArray<string>
}

export interface GrantRequest {
  readonly scopes?: ReadonlyArray<string>
  readonly audience?: ReadonlyArray<string>
}

export interface ClientCredentialsOptions extends CallOptions {
  /** An access token of this operation that an API rejected with `invalid_token`. No later call returns it. */
  readonly refused?: string
}

export interface JwtBearerOptions extends CallOptions {
  readonly scopes?: ReadonlyArray<string>
}

/** The tokens of a token response, as plain strings. They are secrets: keep them out of logs. */
export interface Tokens {
  readonly accessToken: string
  /** Usually `"bearer"`, in lower case. */
  readonly tokenType: string
  /** Absent: the response has no lifetime. It does not mean that the token never expires. */
  readonly expiresAt?: Date
  /**
   * The granted scopes; the requested ones if the response has no scopes. After a `refresh` without `scopes`, `[]`
   * means that the response has no scopes: they are the same as before.
   */
  readonly scopes: ReadonlyArray<string>
  readonly refreshToken?: string
  readonly idToken?: string
  /** The ID token's claims, after its checks. */
  readonly idClaims?: Readonly<Record<string, unknown>>
}

/** A device login in progress. */
export interface DeviceAuthorization {
  readonly deviceCode: string
  readonly userCode: string
  readonly verificationUri: string
  readonly verificationUriComplete?: string
  readonly expiresAt: Date
  /** The pause between two polls. */
  readonly intervalSeconds: number
  /** The requested scopes. They are the scopes of the result if the token response has no scopes. */
  readonly scopes: ReadonlyArray<string>
}

/** A device login as JSON holds it: `expiresAt` may be a text. */
export type PendingDevice = Omit<DeviceAuthorization, "expiresAt"> & { readonly expiresAt: Date | string }
