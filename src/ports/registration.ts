/** A client managing its own registration. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { Client, NewClient } from "./clients.ts"
import type { AuthError } from "./errors.ts"

/**
 * Dynamic client registration and its management (RFC 7591, RFC 7592).
 *
 * The registration access token rides in the `Client`; use each answer's record for the next call, for the vendor may
 * have rotated it. A refused token is `InvalidToken`. All fail with `InvalidRequest`, `RateLimited`, `Unavailable` or
 * `UnexpectedResponse` too.
 */
export interface Registration {
  /** Registers a client without being an administrator. Never repeated by itself. */
  readonly register: (record: NewRegistration, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Reads the client's own registration. */
  readonly read: (client: Client, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /**
   * Replaces the client's own registration, whole. Compare what comes back: a server may change what was asked
   * (RFC 7592 section 2.2).
   */
  readonly update: (input: RegistrationUpdate, options?: CallOptions) => Effect.Effect<Client, AuthError>
  /** Deletes the client's own registration. */
  readonly remove: (client: Client, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** What a client may say of itself: not its id, which the server chooses. */
export type NewRegistration = Omit<NewClient, "clientId">

export interface RegistrationUpdate {
  readonly client: Client
  readonly record: NewRegistration
}
