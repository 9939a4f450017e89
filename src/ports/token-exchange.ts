/** The operation that exchanges one token for another. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"
import type { Tokens } from "./issuance.ts"

/** Token exchange (RFC 8693). */
export interface TokenExchange {
  /**
   * Exchanges a token for another one: for another audience, with fewer scopes, or on behalf of its subject.
   *
   * Nothing is cached, shared or repeated: the same token may be exchanged for different actors. Introspect a token that
   * comes from a caller before you exchange it.
   *
   * @param request `subjectToken` and `subjectTokenType`: the token of the party on whose behalf the request is made;
   * `audience` and `resource`: where the new token is used; `scopes`; `requestedTokenType`
   *
   * Fails with `InvalidRequest` (also for a subject or actor token that the server does not accept, and with the codes
   * `invalid_target` and `invalid_scope`), `InvalidGrant`, `InvalidClient`, `AccessDenied`, `UnsupportedOperation` (the
   * server's metadata lacks the grant), `RateLimited`, `Unavailable` or `UnexpectedResponse` (also if the server issues
   * a token of a type that is no access token and was not requested).
   *
   * @see https://www.rfc-editor.org/rfc/rfc8693#section-2
   */
  readonly exchangeToken: (
    request: ExchangeTokenRequest,
    options?: CallOptions,
  ) => Effect.Effect<ExchangedTokens, AuthError>
}

/** The token types that RFC 8693 names, by the last part of their identifiers. */
export type StandardTokenType = "access_token" | "refresh_token" | "id_token" | "jwt" | "saml1" | "saml2"

/**
 * A token type identifier (RFC 8693 section 3): the last part of one that the RFC defines, such as `"access_token"` for
 * `urn:ietf:params:oauth:token-type:access_token`, or any absolute URI.
 */
export type TokenTypeIdentifier = StandardTokenType | `${string}:${string}`

/** The token of the party that acts, with its type: both or neither. */
export type ActorToken =
  | {
      /** The token of the party that acts on behalf of the subject (RFC 8693 section 1.1, delegation). */
      readonly actorToken: string
      readonly actorTokenType: TokenTypeIdentifier
    }
  | { readonly actorToken?: never; readonly actorTokenType?: never }

/** The request of a token exchange (RFC 8693 section 2.1). */
export type ExchangeTokenRequest = ActorToken & {
  /** The token of the party on whose behalf the request is made. */
  readonly subjectToken: string
  readonly subjectTokenType: TokenTypeIdentifier
  /** The server's names of the services where the new token is used. */
  readonly audience?: ReadonlyArray<string>
  /** The absolute URIs, without fragments, of the services where the new token is used. */
  readonly resource?: ReadonlyArray<string>
  /** Default: the server decides. The configured scopes are not sent. */
  readonly scopes?: ReadonlyArray<string>
  /** Default: an access token. */
  readonly requestedTokenType?: TokenTypeIdentifier
}

/** The tokens of a token exchange. */
export interface ExchangedTokens extends Tokens {
  /**
   * The type of `accessToken`, as in the request. A token that is not an access token, a JWT or a token of the vendor's
   * own type is returned only if its type was requested; its `tokenType` is then usually `"n_a"`, and no API accepts it
   * as a bearer token.
   */
  readonly issuedTokenType: TokenTypeIdentifier
}
