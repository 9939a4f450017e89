import type { DurationInput } from "latchkey"

/** The options of `startOidc`. */
export interface OidcEmulatorOptions {
  /** The registered clients, with the members of RFC 7591. Default: no clients. */
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly client_id: string }>
  /** The users: their claims, by subject. A `login_hint` that is not a known subject logs in as a new user. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The lifetime of access tokens. Default: `"1 hour"`. */
  readonly accessTokenLifespan?: DurationInput
  /**
   * Whether clients may register themselves (RFC 7591, RFC 7592): each, or each with this initial access token. Each
   * update of a client's registration returns a new registration access token. Default: `false`.
   */
  readonly registration?: boolean | { readonly initialAccessToken: string }
}
