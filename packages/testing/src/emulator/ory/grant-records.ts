export type GrantKind =
  | "authorization_code"
  | "client_credentials"
  | "refresh_token"
  | "jwt_bearer"
  | "device_authorization"

/** The data of a grant that come from the login and the consent of its user. */
export interface UserSession {
  readonly accessToken: Readonly<Record<string, unknown>>
  readonly idToken: Readonly<Record<string, unknown>>
  readonly nonce: string
  readonly sid: string
  /** In seconds since 1970. */
  readonly authTime: number
  readonly requestedAt: number
  readonly acr: string
  readonly amr: ReadonlyArray<string>
  /** The consent to the grant. Its revocation ends the grant. */
  readonly consentId: string
}

/** One authorization. All its tokens end with it. */
export interface Grant {
  readonly id: string
  readonly clientId: string
  readonly subject: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly user: UserSession | undefined
  readonly tokens: Set<string>
}

export interface TokenRecord {
  readonly use: "access_token" | "refresh_token"
  readonly grant: Grant
  /** In seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Whether a refresh token was exchanged. Its record stays, so that its reuse is detected. */
  used: boolean
}

export interface CodeRecord {
  readonly grant: Grant
  readonly redirectUri: string
  /** In seconds since 1970. */
  readonly expiresAt: number
  /** The PKCE challenge; empty if the request contained only a method. */
  challenge: string | undefined
  used: boolean
}
