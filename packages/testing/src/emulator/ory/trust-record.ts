/** A trusted issuer, whose assertions are exchanged for access tokens. */
export interface TrustRecord {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly anySubject: boolean
  readonly scope: ReadonlyArray<string> | undefined
  readonly jwk: Readonly<Record<string, unknown>>
  readonly kid: string
  /** In milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number
}
