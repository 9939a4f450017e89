/** Managing OAuth clients as an administrator. */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { CallOptions, Page, PageQuery } from "./call.ts"
import type { AuthError } from "./errors.ts"
import type { JsonWebKeySet } from "./metadata.ts"

/**
 * The vendor's register of OAuth clients, in the words of RFC 7591.
 *
 * Besides the reasons named at each operation, all fail with `InvalidClient`, `AccessDenied`, `RateLimited`,
 * `Unavailable` or `UnexpectedResponse`; and with `InvalidToken` where each client is managed by a token of its own.
 */
export interface Clients {
  /**
   * Registers a client. The answer holds its secret, which no later answer does.
   *
   * Fails with `Conflict` (the id is taken) or `InvalidRequest` (naming the member).
   */
  readonly create: (record: NewClient, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Reads a client. Fails with `NotFound`. */
  readonly get: (client: ClientRef, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Lists clients: an async iterable or a stream of all; an adapter gives a page. A filter that the vendor lacks is refused with `UnsupportedOperation`. */
  readonly list: (query?: ClientQuery, options?: CallOptions) => Effect.Effect<Page<ClientSummary>, AuthError>
  /**
   * Replaces the whole record: what is left out is cleared; what cannot be, the vendor's page says. The secret stays unless one
   * is given.
   *
   * Fails with `NotFound` or `InvalidRequest` (naming a member that the vendor did not take over).
   */
  readonly replace: (input: ClientReplacement, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Changes the members given and leaves the rest; `null` clears (RFC 7396).
   *
   * Fails with `NotFound` or `InvalidRequest` (naming the member).
   */
  readonly patch: (input: ClientPatch, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Deletes a client. Fails with `NotFound`. */
  readonly remove: (client: ClientRef, options?: CallOptions) => Effect.Effect<void, AuthError>
  /** Gives the client a new secret, which only this answer holds. Fails with `NotFound` or `InvalidRequest`. */
  readonly rotateSecret: (client: ClientRef, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Sets how long the client's tokens live. What is left out is cleared to the vendor's default. Fails with `NotFound`. */
  readonly setLifespans: (input: ClientLifespans, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Revokes the tokens issued to a client; which kinds, the vendor's page says. */
  readonly revokeTokens: (client: ClientRef, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** A client id, or the record that holds it (and, on some vendors, the token that manages it). */
export type ClientRef = string | Client

/** What a client may be registered with. */
export interface NewClient {
  /** Chosen by the vendor when absent; some vendors let nobody choose. */
  readonly clientId?: string
  readonly name?: string
  readonly redirectUris?: ReadonlyArray<string>
  readonly postLogoutRedirectUris?: ReadonlyArray<string>
  readonly grantTypes?: ReadonlyArray<string>
  readonly responseTypes?: ReadonlyArray<string>
  readonly scopes?: ReadonlyArray<string>
  readonly audience?: ReadonlyArray<string>
  readonly tokenEndpointAuthMethod?: ClientAuthMethod
  readonly jwks?: JsonWebKeySet
  readonly jwksUri?: string
  /** Chosen by the vendor when absent. */
  readonly secret?: string | Redacted.Redacted<string>
  /** Free-form members of yours. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Members of the vendor's own, under its names; those it does not document are refused. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** How a client proves itself at the token endpoint (RFC 7591 section 2, OpenID Connect Core 9). */
export type ClientAuthMethod = "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none"

/** A registered client. */
export interface Client {
  readonly clientId: string
  readonly name?: string
  readonly redirectUris: ReadonlyArray<string>
  readonly postLogoutRedirectUris: ReadonlyArray<string>
  readonly grantTypes: ReadonlyArray<string>
  readonly responseTypes: ReadonlyArray<string>
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly tokenEndpointAuthMethod?: string
  readonly jwks?: JsonWebKeySet
  readonly jwksUri?: string
  readonly createdAt?: Date
  readonly updatedAt?: Date
  /** Only when the vendor just gave it: this answer may be the only one that ever holds it. */
  readonly secret?: Redacted.Redacted<string>
  /** What manages this client by RFC 7592, only when the vendor just gave it. */
  readonly registration?: ClientRegistration
  readonly metadata: Readonly<Record<string, unknown>>
  /** Everything the vendor said under its own names, but for its secrets. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** The registration access token and the URL it is good for (RFC 7592). */
export interface ClientRegistration {
  readonly token: Redacted.Redacted<string>
  readonly uri: Redacted.Redacted<string>
}

/** What a list says of a client: its id, and whatever more this vendor's list gives. */
export type ClientSummary = Pick<Client, "clientId"> & Partial<Client>

export interface ClientQuery extends PageQuery {
  /** Exactly this name. */
  readonly name?: string
  /** Exactly this owner. */
  readonly owner?: string
}

export interface ClientReplacement {
  readonly client: ClientRef
  readonly record: Omit<NewClient, "clientId">
}

export interface ClientPatch {
  readonly client: ClientRef
  readonly changes: ClientChanges
}

/** An RFC 7396 merge patch: absent leaves, `null` clears. */
export type ClientChanges = { readonly [K in Exclude<keyof NewClient, "clientId">]?: NewClient[K] | null }

export interface ClientLifespans {
  readonly client: ClientRef
  readonly lifespans: { readonly [G in LifespanGrant]?: Lifespans }
}

/** The grants whose tokens can be given a life of their own. */
export type LifespanGrant =
  | "authorization_code"
  | "client_credentials"
  | "device_code"
  | "implicit"
  | "jwt_bearer"
  | "refresh_token"

/** Seconds, whole. */
export interface Lifespans {
  readonly accessToken?: number
  readonly idToken?: number
  readonly refreshToken?: number
}
