/** Registration of a client by the client itself. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { Client, NewClient } from "./clients.ts"
import type { AuthError } from "./errors.ts"

/**
 * Dynamic client registration and its management (RFC 7591, RFC 7592).
 *
 * The registration access token is in the `Client`. Use the client of each result for the next call, because the vendor
 * may have rotated the token. A rejected token is `InvalidToken`. All also fail with `InvalidRequest`, `RateLimited`,
 * `Unavailable` or `UnexpectedResponse`.
 */
export interface Registration {
  /** Registers a client without an administrator's rights. Never retried. */
  readonly register: (record: NewRegistration, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Reads the client's own registration. */
  readonly read: (client: Client, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Replaces the client's whole registration. Compare the result with the request: a server may change values
   * (RFC 7592 section 2.2).
   */
  readonly update: (input: RegistrationUpdate, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Deletes the client's own registration. */
  readonly remove: (client: Client, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** A client to register. The server chooses its id. */
export type NewRegistration = Omit<NewClient, "clientId">

/** A client, and the record that replaces its registration. */
export interface RegistrationUpdate {
  readonly client: Client
  readonly record: NewRegistration
}
