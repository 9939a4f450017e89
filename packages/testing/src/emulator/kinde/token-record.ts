/** One authorization and its tokens. */
export interface Grant {
  readonly applicationId: string
  readonly kind: "user" | "device" | "machine"
  readonly userId: string | undefined
  /** The requested scopes. */
  readonly scopes: ReadonlyArray<string>
  /** The granted scopes. For a machine they can be more than the requested ones. */
  readonly granted: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly orgCode: string | undefined
  readonly nonce: string | undefined
  /** In seconds since 1970. */
  readonly authTime: number
  /** In seconds since 1970. */
  readonly requestedAt: number
  readonly tokens: Set<TokenRecord>
  /** The access token that was issued last, for `refreshKeepsAccessToken`. */
  latest: { readonly token: string; readonly record: TokenRecord } | undefined
}

/** An issued token. */
export interface TokenRecord {
  readonly use: "access_token" | "refresh_token"
  readonly grant: Grant
  /** In seconds since 1970. */
  readonly issuedAt: number
  /** In seconds since 1970. */
  readonly expiresAt: number
  revoked: boolean
  /** The time of a refresh token's first use, in milliseconds since 1970. */
  rotatedAt: number | undefined
}
