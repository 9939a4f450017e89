/** What a vendor's JWT access tokens look like: data that local validation reads. */

/** The profile of one configured server's JWT access tokens (RFC 9068, with a vendor's deviations). */
export interface JwtProfile {
  /** Compared with `iss` as a string, exactly. */
  readonly issuer: string
  /** The accepted signature algorithms; asymmetric ones only. */
  readonly algorithms: ReadonlyArray<string>
  /** The accepted values of the `typ` header, in lower case; `""` accepts a token without `typ`. */
  readonly types: ReadonlyArray<string>
  /** A token must have one of these audiences; `"any"` accepts every token. Absent: no token is validated locally. */
  readonly audience: ReadonlyArray<string> | "any" | undefined
  /** The accepted difference between the clocks, in seconds. */
  readonly clockSkew: number
  /** Claims that every access token has. */
  readonly required: ReadonlyArray<string>
  /** Claims that only another kind of token has, such as an ID token. */
  readonly forbidden: ReadonlyArray<string>
  /** The claim that holds the client id. */
  readonly clientId: string
  /** The vendor's subjects are users, and the token of a client has its id or none. Absent: a subject may be anything. */
  readonly subjects?: "users"
  /** The claims that hold scopes, as an array or separated by spaces. All of them count. */
  readonly scopes: ReadonlyArray<string>
}
