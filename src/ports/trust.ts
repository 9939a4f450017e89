/** Management of the issuers whose assertions the vendor accepts. */
import type * as Effect from "effect/Effect"
import type { CallOptions, Page, PageQuery } from "./call.ts"
import type { AuthError } from "./errors.ts"
import type { JsonWebKey } from "./metadata.ts"

/**
 * The issuers whose JWTs `jwtBearer` may exchange for tokens (RFC 7523).
 *
 * All also fail with `InvalidClient`, `AccessDenied`, `RateLimited`, `Unavailable` or `UnexpectedResponse`.
 */
export interface Trust {
  /** Trusts a key of an issuer. Fails with `Conflict` or `InvalidRequest`. */
  readonly create: (issuer: NewTrustedIssuer, options?: CallOptions) => Effect.Effect<TrustedIssuer, AuthError>
  /** Returns a trusted issuer. Fails with `NotFound`. */
  readonly get: (id: string, options?: CallOptions) => Effect.Effect<TrustedIssuer, AuthError>
  /** Lists trusted issuers: as an async iterable or a stream of all issuers. An adapter returns one page. */
  readonly list: (query?: TrustQuery, options?: CallOptions) => Effect.Effect<Page<TrustedIssuer>, AuthError>
  /** Removes a trusted issuer. Fails with `NotFound`. */
  readonly remove: (id: string, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** An issuer to trust, for one subject or for any: neither, or both, does not compile. */
export type NewTrustedIssuer = {
  readonly issuer: string
  readonly scopes: ReadonlyArray<string>
  /** The public key, with its `kid`. */
  readonly jwk: JsonWebKey
  readonly expiresAt: Date
} & (
  | { readonly subject: string; readonly anySubject?: never }
  | { readonly anySubject: true; readonly subject?: never }
)

/** An issuer whose assertions the vendor accepts. */
export interface TrustedIssuer {
  readonly id: string
  readonly issuer: string
  readonly subject?: string
  readonly anySubject: boolean
  readonly scopes: ReadonlyArray<string>
  readonly publicKey: { readonly set: string; readonly keyId: string }
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** The filter of a list of trusted issuers. */
export interface TrustQuery extends PageQuery {
  readonly issuer?: string
}
