/** What an emulator of a vendor that follows the standards must know: paths, and the shapes of tokens. */

/** What is known of an access token when its JWT is made. */
export interface TokenFacts {
  readonly issuer: string
  readonly clientId: string
  /** The user; absent for a token of the client itself. */
  readonly user: string | undefined
  readonly scopes: ReadonlyArray<string>
  /** The scopes of the client's registration. */
  readonly clientScopes: ReadonlyArray<string>
  /** The API that the token is for. */
  readonly audience: string
  /** In seconds. */
  readonly iat: number
  readonly exp: number
  readonly id: string
}

export type Claims = Readonly<Record<string, unknown>>

/** A vendor as data. The facts are documented by the vendor, and no emulator was compared with the service. */
export interface VendorProfile {
  /** Returns the issuer for the origin of the emulator. */
  readonly issuer: (origin: string) => string
  /** The path of the metadata document. */
  readonly metadata: string
  /** The vendor's paths, by RFC 8414's name of the endpoint. The vendor has no other endpoint. */
  readonly paths: Readonly<Partial<Record<EndpointName, string>>>
  /** Whether the logout endpoint is missing in the metadata document. */
  readonly hidesLogout?: true
  /** The names of the logout URL's parameters, by the standard name. */
  readonly logoutParameters?: Readonly<Record<string, string>>
  /** The algorithm of access tokens. */
  readonly algorithm: "RS256" | "ES384"
  /** The `typ` of access tokens; absent: they have none. */
  readonly type?: string
  /** Returns the API that a request names. */
  readonly audienceIn: (parameters: URLSearchParams) => string | undefined
  /** Whether an access token is opaque unless a request names an API. */
  readonly opaqueWithoutAudience?: true
  /** `"always"`: every login gives a refresh token. Default: the scope `offline_access` requests it, without consent. */
  readonly refreshTokens?: "always"
  /** Returns the body of the error response to a token request that the vendor refuses. */
  readonly refuses?: (form: URLSearchParams) => Claims | undefined
  readonly claims: (facts: TokenFacts) => Claims
  /** Makes the introspection response for an active access token. Absent: the vendor has no introspection. */
  readonly answer?: (facts: TokenFacts) => Claims
  /** Makes the introspection response for an active refresh token. Absent: it is inactive. */
  readonly refreshAnswer?: (standard: Claims) => Claims
  /** Whether the revocation endpoint takes access tokens. Default: it refuses them. */
  readonly revokesAccessTokens?: true
}

/** The endpoints of the standard provider, and their paths there. */
export const standardPaths = {
  authorization_endpoint: "/auth",
  token_endpoint: "/token",
  device_authorization_endpoint: "/device/auth",
  introspection_endpoint: "/token/introspection",
  revocation_endpoint: "/token/revocation",
  userinfo_endpoint: "/me",
  jwks_uri: "/jwks",
  end_session_endpoint: "/session/end",
} as const

export type EndpointName = keyof typeof standardPaths
