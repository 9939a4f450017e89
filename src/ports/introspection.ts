/** Asking what a token is worth. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** Token introspection (RFC 7662). */
export interface Introspection {
  /**
   * Says whether a token is active and, if so, whose it is and what it may do.
   *
   * An unknown, expired, revoked or foreign token is a value, `{ active: false }`; an unreachable vendor is an error.
   *
   * @param token the bearer token as received, without the word `Bearer`
   * @param options `freshness`, `expect`; see {@link IntrospectOptions}
   *
   * Fails with `InvalidClient`, `AccessDenied`, `RateLimited`, `Unavailable`, `UnexpectedResponse`, `InvalidRequest`,
   * or `UnsupportedOperation` (a freshness or expectation this vendor cannot honour).
   *
   * @see https://www.rfc-editor.org/rfc/rfc7662
   */
  readonly introspect: (token: string, options?: IntrospectOptions) => Effect.Effect<TokenState, AuthError>
}

export interface IntrospectOptions extends CallOptions {
  /**
   * `"local"`: from the signature alone; `"live"`: always ask the vendor; `{ maxAge }`: an answer at most that many
   * seconds old will do. Default: the configuration's `cache.maxAge`, 10 seconds.
   */
  readonly freshness?: Freshness
  /** Which kind of token must be presented; the other kind is inactive. Default `"access_token"`. */
  readonly expect?: "access_token" | "refresh_token"
}

export type Freshness = "local" | "live" | { readonly maxAge: number }

/** The state of a token. An inactive one carries nothing else, for nothing else could be trusted. */
export type TokenState = InactiveToken | ActiveToken

export interface InactiveToken {
  readonly active: false
}

/** What is known of an active token. An absent member was not said by the vendor. */
export interface ActiveToken {
  readonly active: true
  readonly use: "access_token" | "refresh_token" | "unknown"
  readonly subject?: string
  readonly subjectType?: "user" | "client" | "organization"
  readonly clientId?: string
  readonly username?: string
  readonly issuer?: string
  readonly tokenId?: string
  /** `[]`: nobody named one. That does not mean that the token is for everybody. */
  readonly audience: ReadonlyArray<string>
  /** Absent: the vendor did not say. `[]`: no scope was granted. */
  readonly scopes?: ReadonlyArray<string>
  readonly issuedAt?: Date
  readonly notBefore?: Date
  readonly expiresAt?: Date
  /** Everything the vendor said, under its own names. Carried, never interpreted. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly source: Source
}

/** What an answer rests on, and when that was asked. */
export interface Source {
  /** When the vendor was asked. */
  readonly live?: Date
  /** When the signature was checked. */
  readonly local?: Date
  /** Whether an old answer was used because the vendor was unreachable. */
  readonly stale: boolean
}
