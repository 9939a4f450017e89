/** The format of a server's tokens: data that introspection and local validation read. */

/**
 * A condition on one value of a token, or of an introspection response. Without `is`, `starts`, `ends` and `absent` it
 * holds if the value is present. `null` and `""` count as absent.
 */
export interface When {
  /**
   * Where the value is: a member of the introspection response or a claim of the JWT (default), a claim of the JWT only, a
   * member of the JWT's header, a member of the introspection response only, or the token itself as a string.
   */
  readonly in?: "claims" | "header" | "answer" | "token" | undefined
  /** The name of the member or claim. Required, except for the token itself. */
  readonly name?: string | undefined
  /** The value is this one, or one of these. */
  readonly is?: string | ReadonlyArray<string> | undefined
  /** The value is a string that starts with this one. */
  readonly starts?: string | undefined
  /** The value is a string that ends with this one. */
  readonly ends?: string | undefined
  /** The value is absent. */
  readonly absent?: true | undefined
}

/** The kind that a token has if a condition holds. `"other"`: neither kind, such as an ID token. */
export interface KindRule extends When {
  readonly use: "access_token" | "refresh_token" | "other"
}

/** How an introspection response shows the kind of a token. */
export type Kind =
  /** The server's `token_type_hint` is an exact filter: an active token is of the requested kind. */
  | "hint"
  /** The server introspects access tokens only. */
  | "access_only"
  /** The first rule that holds. */
  | ReadonlyArray<KindRule>

/** What decides whether a token is active. */
export type Answers =
  /** The introspection endpoint, for every token. */
  | "introspection"
  /** The signature, for JWTs. A server without an introspection endpoint. */
  | "signature"
  /** The introspection endpoint, after the signature of a JWT has been verified. */
  | "introspection_or_signature"

/** An issuer whose tokens are accepted, and its keys. */
export interface TokenIssuer {
  /** Compared with `iss` as a string, exactly. */
  readonly issuer: string
  /** The URL of its key set. Default: the server's. */
  readonly jwksUri?: string | undefined
  /**
   * The value of the member `issuer` of its keys, if the key set names the issuer of each key. Default: the issuer. A
   * key that names another issuer verifies none of its tokens.
   */
  readonly keyIssuer?: string | undefined
}

/** The format of a server's JWT access tokens (RFC 9068, with a vendor's deviations). */
export interface JwtFormat {
  /** The accepted signature algorithms; asymmetric ones only. Default: all that latchkey knows. */
  readonly algorithms?: ReadonlyArray<string> | undefined
  /** The accepted values of the `typ` header, in lower case; `""` accepts a token without `typ`. */
  readonly types?: ReadonlyArray<string> | undefined
  /** Conditions that hold for every access token. */
  readonly access?: ReadonlyArray<When> | undefined
  /** Claims that only another kind of token has, such as an ID token. */
  readonly forbidden?: ReadonlyArray<string> | undefined
}

/** The values by which servers differ in what their tokens look like. */
export interface TokenProfile {
  /** What decides whether a token is active. Default `"introspection"`. */
  readonly answers?: Answers | undefined
  /**
   * How an introspection response shows the kind of a token. Default: by the members `token_use`, `token_type` (if it
   * names a kind) and `typ`, or the header `typ: at+jwt`. A response that shows no kind is an error.
   */
  readonly kind?: Kind | undefined
  /** The issuers of tokens, in addition to the server's issuer. */
  readonly issuers?: ReadonlyArray<TokenIssuer> | undefined
  /** The format of JWT access tokens. Absent: only the signature of a JWT is checked, and the JWT is introspected. */
  readonly jwt?: JwtFormat | undefined
  /** The names of the audience; the first name that is present is used. Default `["aud"]`. */
  readonly audience?: ReadonlyArray<string> | undefined
  /** The names of the client id; the first name that is present is used. Default `["client_id"]`. */
  readonly client?: ReadonlyArray<string> | undefined
  /** Whether a JWT access token may lack the client id. Default: it may not. */
  readonly clientUnsaid?: boolean | undefined
  /**
   * Whether a JWT access token may lack the audience, which the introspection response then names. Default: a JWT without an
   * audience is rejected where `audience` is configured.
   */
  readonly audienceUnsaid?: boolean | undefined
  /**
   * The names of the scopes, as lists or separated by spaces; the values of all names are combined. Default
   * `["scope"]`.
   */
  readonly scopes?: ReadonlyArray<string> | undefined
  /**
   * Conditions; a token that fulfils one of them belongs to the client itself (machine to machine). A token without a
   * subject, or with the client as subject, always belongs to the client.
   */
  readonly machine?: ReadonlyArray<When> | undefined
  /**
   * The type of a subject that is not the client: `"users"` for a vendor whose tokens have no other subjects. Default:
   * unknown, as with a server that has service accounts.
   */
  readonly subjects?: "users" | undefined
}
