/** The options of `startOidc`. */
export interface OidcEmulatorOptions {
  /** The registered clients, with the members of RFC 7591. Default: no clients. */
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly client_id: string }>
  /** The users: their claims, by subject. A `login_hint` that is not a known subject logs in as a new user. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The lifetime of access tokens in seconds. Default: 3600. */
  readonly accessTokenLifespan?: number
}
