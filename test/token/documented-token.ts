export type Json = Readonly<Record<string, unknown>>

/** One token: its header and claims, what the vendor's introspection says of it, and what latchkey must make of it. */
export interface DocumentedToken {
  readonly name: string
  /** The header without `alg` and `kid`. */
  readonly header?: Json
  /** The algorithm of the signature. Default RS256. */
  readonly algorithm?: string
  readonly claims: Json
  /** The introspection response, for a vendor that is asked. */
  readonly answer?: Json
  /** The token itself, if it is no JWT. */
  readonly opaque?: string
  /** The kind that is asked for. Default: an access token. */
  readonly expect?: "refresh_token"
  /** Whether the signature alone is to answer, where the vendor could be asked. */
  readonly freshness?: "local"
  /** The URL of the only key set that is fetched, for an issuer with keys of its own. */
  readonly keySet?: string
  /** Members that the active token does not have. */
  readonly unsaid?: ReadonlyArray<string>
  /** The members of the active token; `"inactive"`; or the member of the configuration that an error names. */
  readonly expected: Json | "inactive"
}
