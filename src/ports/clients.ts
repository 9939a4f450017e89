/** Management of OAuth clients by an administrator. */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { CallOptions, Page, PageQuery } from "./call.ts"
import type { DurationInput } from "./duration.ts"
import type { AuthError } from "./errors.ts"
import type { JsonWebKeySet } from "./metadata.ts"

/**
 * The OAuth clients that are registered with the vendor, in the terms of RFC 7591.
 *
 * Besides the reasons listed at each operation, all fail with `InvalidClient`, `AccessDenied`, `RateLimited`,
 * `Unavailable` or `UnexpectedResponse`, and with `InvalidToken` if the vendor requires a separate token for each
 * client.
 */
export interface Clients {
  /**
   * Registers a client. Only this result holds the client's secret.
   *
   * `client.secret` prints as `<redacted>`. Read it with `Redacted.value(client.secret)`, from `effect/Redacted`, and store
   * it: no later call returns it.
   *
   * Fails with `Conflict` (the id is taken) or `InvalidRequest` (naming the member).
   */
  readonly create: (record: NewClient, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Reads a client. Fails with `NotFound`. */
  readonly get: (client: ClientRef, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Lists clients: as an async iterable or a stream of all clients. An adapter returns one page.
   *
   * Fails with `UnsupportedOperation` for a filter that the vendor lacks.
   */
  readonly list: (query?: ClientQuery, options?: CallOptions) => Effect.Effect<Page<ClientSummary>, AuthError>
  /**
   * Replaces the whole record. An omitted member is cleared; the vendor's page lists the members that cannot be
   * cleared. An omitted secret stays.
   *
   * Fails with `NotFound` or `InvalidRequest` (naming a member that the vendor did not store).
   */
  readonly replace: (input: ClientReplacement, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Changes the given members and keeps the rest. `null` clears a member (RFC 7396).
   *
   * Fails with `NotFound` or `InvalidRequest` (naming the member).
   */
  readonly patch: (input: ClientPatch, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Deletes a client. Fails with `NotFound`. */
  readonly remove: (client: ClientRef, options?: CallOptions) => Effect.Effect<void, AuthError>
  /** Gives the client a new secret, which only this result holds (read as that of `create`). Fails with `NotFound` or `InvalidRequest`. */
  readonly rotateSecret: (client: ClientRef, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Sets the lifetimes of the client's tokens. An omitted lifetime is reset to the vendor's default. Fails with
   * `NotFound`.
   */
  readonly setLifespans: (input: ClientLifespans, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Revokes the tokens issued to a client. The vendor's page lists the kinds of token. */
  readonly revokeTokens: (client: ClientRef, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** A client id, or the client itself, which also holds the token that some vendors require. */
export type ClientRef = string | Client

/** A client to register. */
export interface NewClient {
  /** Chosen by the vendor if absent. Some vendors reject a chosen id. */
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
  /** Chosen by the vendor if absent. */
  readonly secret?: string | Redacted.Redacted<string>
  /** Your own members, in any form. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** The vendor's own members, under its names. A member that the vendor does not document is rejected. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** How a client authenticates at the token endpoint (RFC 7591 section 2, OpenID Connect Core 9). */
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
  /**
   * Present only if the vendor has just issued it. This result may be the only one that holds it. It prints as
   * `<redacted>`; `Redacted.value(client.secret)`, from `effect/Redacted`, returns the text.
   */
  readonly secret?: Redacted.Redacted<string>
  /** The access to the client's own registration (RFC 7592). Present only if the vendor has just issued it. */
  readonly registration?: ClientRegistration
  readonly metadata: Readonly<Record<string, unknown>>
  /**
   * Every member of the vendor's record under the vendor's name, without secrets. Its URLs are as the client gave them:
   * check that they begin with `https:` before a page links to them.
   */
  readonly raw: Readonly<Record<string, unknown>>
}

/** The registration access token and its URL (RFC 7592). */
export interface ClientRegistration {
  readonly token: Redacted.Redacted<string>
  readonly uri: Redacted.Redacted<string>
}

/** A client in a list: its id, and the other members that the vendor's list has. */
export type ClientSummary = Pick<Client, "clientId"> & Partial<Client>

/** The filters of a list of clients. */
export interface ClientQuery extends PageQuery {
  /** The exact name. */
  readonly name?: string
  /** The exact owner. */
  readonly owner?: string
}

/** A client, and the record that replaces its own. */
export interface ClientReplacement {
  readonly client: ClientRef
  readonly record: Omit<NewClient, "clientId">
}

/** A client, and the changes to its record. */
export interface ClientPatch {
  readonly client: ClientRef
  readonly changes: ClientChanges
}

/** An RFC 7396 merge patch: an absent member stays, `null` clears a member. */
export type ClientChanges = { readonly [K in Exclude<keyof NewClient, "clientId">]?: NewClient[K] | null }

/** A client, and the lifetimes of its tokens, by grant. */
export interface ClientLifespans {
  readonly client: ClientRef
  readonly lifespans: { readonly [G in LifespanGrant]?: Lifespans }
}

/** The grants whose tokens can have their own lifetimes. */
export type LifespanGrant =
  | "authorization_code"
  | "client_credentials"
  | "device_code"
  | "implicit"
  | "jwt_bearer"
  | "refresh_token"

/** Lifetimes of tokens, in whole seconds, such as `"15 minutes"`. */
export interface Lifespans {
  readonly accessToken?: DurationInput
  readonly idToken?: DurationInput
  readonly refreshToken?: DurationInput
}
