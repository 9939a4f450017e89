/** The server's metadata document and keys. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** Authorization server metadata (RFC 8414, OpenID Connect Discovery) and keys (RFC 7517). */
export interface Metadata {
  /**
   * Fetches the server's metadata and compares its issuer, byte for byte, with the configured one.
   *
   * @param request has no members: omit it
   *
   * Fails with `Unavailable`, `RateLimited` or `UnexpectedResponse` (also if the issuer differs).
   *
   * @see https://www.rfc-editor.org/rfc/rfc8414#section-3
   */
  readonly discover: (request?: NoInput, options?: CallOptions) => Effect.Effect<ServerMetadata, AuthError>
  /**
   * Fetches the public keys of the server's signatures.
   *
   * Fails with `Unavailable`, `RateLimited` or `UnexpectedResponse`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
   */
  readonly keys: (request?: NoInput, options?: CallOptions) => Effect.Effect<ServerKeys, AuthError>
}

/** The argument of an operation that needs no input. */
export type NoInput = Readonly<Record<string, never>>

/** Server metadata under the RFC's names in camel case. A member that latchkey does not know is only in `raw`. */
export interface ServerMetadata {
  readonly issuer: string
  readonly authorizationEndpoint?: string
  readonly tokenEndpoint?: string
  readonly introspectionEndpoint?: string
  readonly revocationEndpoint?: string
  readonly userinfoEndpoint?: string
  readonly jwksUri?: string
  readonly endSessionEndpoint?: string
  readonly registrationEndpoint?: string
  readonly deviceAuthorizationEndpoint?: string
  readonly scopesSupported?: ReadonlyArray<string>
  readonly responseTypesSupported?: ReadonlyArray<string>
  readonly grantTypesSupported?: ReadonlyArray<string>
  readonly tokenEndpointAuthMethodsSupported?: ReadonlyArray<string>
  readonly codeChallengeMethodsSupported?: ReadonlyArray<string>
  readonly idTokenSigningAlgValuesSupported?: ReadonlyArray<string>
  readonly raw: Readonly<Record<string, unknown>>
}

/** The public keys of a server. */
export interface ServerKeys {
  readonly keys: ReadonlyArray<JsonWebKey>
  readonly fetchedAt: Date
}

/** A JSON Web Key (RFC 7517). */
export interface JsonWebKey {
  readonly kty: string
  readonly kid?: string
  readonly use?: string
  readonly alg?: string
  readonly [member: string]: unknown
}

/** A JWK Set (RFC 7517 section 5). */
export interface JsonWebKeySet {
  readonly keys: ReadonlyArray<JsonWebKey>
}
