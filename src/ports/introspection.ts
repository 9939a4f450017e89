/** Token introspection. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { DurationInput } from "./duration.ts"
import type { AuthError } from "./errors.ts"

/** Token introspection (RFC 7662). */
export interface Introspection {
  /**
   * Returns whether a token is active and, if so, its subject, client and scopes.
   *
   * An unknown, expired, revoked or foreign token is a result, `{ active: false }`. An unavailable vendor is an error.
   *
   * @param token the bearer token as received, without the word `Bearer`
   * @param options `freshness`, `expect`, `binding`; see {@link IntrospectOptions}
   *
   * Fails with `InvalidClient`, `AccessDenied`, `RateLimited`, `Unavailable`, `UnexpectedResponse` (also for an issuer
   * that is not configured), `InvalidConfig` (a response that does not name the kind of the token), `InvalidRequest`
   * (also for a token with its scheme), or `UnsupportedOperation` (a `freshness` or `expect` that this vendor lacks).
   *
   * @see https://www.rfc-editor.org/rfc/rfc7662
   */
  readonly introspect: (token: string, options?: IntrospectOptions) => Effect.Effect<TokenState, AuthError>
}

/** The options of `introspect`. */
export interface IntrospectOptions extends CallOptions {
  /**
   * `"local"`: the signature alone; the only request is for the keys. `"prefer-local"`: the signature alone where it shows
   * an access token for a configured `audience`, and the vendor for every other token. `"live"`: bypasses the cache.
   * `{ maxAge }`: accepts a cached answer of at most that age, such as `"30 seconds"`. Default: the configuration's
   * `cache.maxAge`, 10 seconds.
   */
  readonly freshness?: Freshness
  /** The expected kind of token. The other kind is inactive. Default `"access_token"`. */
  readonly expect?: "access_token" | "refresh_token"
  /**
   * The keys whose possession the caller has proven. A token that is bound to another key is inactive, and so is a token
   * without a DPoP key if `jkt` is given. `{}`: no proof, so that every bound token is inactive. Default: bindings are not
   * compared, and the caller must check `confirmation` of the result.
   */
  readonly binding?: ProvenKeys
}

/** The keys whose possession the presenter of a token has proven. */
export interface ProvenKeys {
  /** The thumbprint of the key of a valid DPoP proof (RFC 9449 section 6.1). */
  readonly jkt?: string | undefined
  /** The SHA-256 thumbprint of the client certificate of the TLS connection (RFC 8705 section 3.1). */
  readonly x5tS256?: string | undefined
}

/** The accepted source and age of an introspection result. */
export type Freshness = "local" | "prefer-local" | "live" | { readonly maxAge: DurationInput }

/** The state of a token. An inactive token has no other members, because they could not be trusted. */
export type TokenState = InactiveToken | ActiveToken

/** A token that is not valid at present. */
export interface InactiveToken {
  readonly active: false
}

/** An active token. A member is absent if the vendor's response has no such value. */
export interface ActiveToken {
  readonly active: true
  readonly use: "access_token" | "refresh_token"
  readonly subject?: string
  /** Absent: unknown. A subject that is not the client may be a user or a service account. */
  readonly subjectType?: "user" | "client" | "organization"
  readonly clientId?: string
  readonly username?: string
  readonly issuer?: string
  readonly tokenId?: string
  /** `[]`: the response has no audience. It does not mean that the token is valid for every API. */
  readonly audience: ReadonlyArray<string>
  /** Absent: the response has no scopes. `[]`: no scope was granted. */
  readonly scopes?: ReadonlyArray<string>
  readonly issuedAt?: Date
  readonly notBefore?: Date
  readonly expiresAt?: Date
  /**
   * The key or certificate that the token is bound to. Such a token is not a bearer token: its sender must prove the
   * possession of the key. Without the option `binding` the caller of `introspect` must compare it. An empty object: a
   * binding of another kind, which latchkey cannot check.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7800
   */
  readonly confirmation?: Confirmation
  /** The authentication context class of the user's login (RFC 9470 section 6). */
  readonly acr?: string
  /** The time of the user's login (RFC 9470 section 6). */
  readonly authTime?: Date
  /** The id of the user's session at the vendor. */
  readonly sessionId?: string
  /** The details of what the token permits (RFC 9396). */
  readonly authorizationDetails?: ReadonlyArray<AuthorizationDetail>
  /** Every claim under the vendor's name, as received. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly source: Source
}

/** A binding of a token to a key. */
export interface Confirmation {
  /** The thumbprint of a DPoP key (RFC 9449 section 6.1). */
  readonly jkt?: string
  /** The thumbprint of a client certificate (RFC 8705 section 3.1). */
  readonly x5tS256?: string
}

/** One entry of `authorization_details`, under the names of RFC 9396. */
export interface AuthorizationDetail {
  readonly type: string
  readonly [member: string]: unknown
}

/** The sources of a result, and their times. */
export interface Source {
  /** The time of the vendor's response. */
  readonly live?: Date
  /** The time of the signature check. */
  readonly local?: Date
  /** Whether a stale cached answer was used because the vendor was unavailable. */
  readonly stale: boolean
}
