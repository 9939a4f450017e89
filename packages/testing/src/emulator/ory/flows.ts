/** A login request, which the login page accepts or rejects. */
export interface LoginFlow {
  readonly challenge: string
  /** The `login_challenge` of a consent request: a short ID that the login endpoints do not accept. */
  readonly id: string
  readonly clientId: string
  /** The URL of the browser's request. After each decision the browser returns to it. */
  readonly requestUrl: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly skip: boolean
  readonly subject: string
  readonly sid: string
  readonly oidcContext: Readonly<Record<string, unknown>>
  /** In seconds since 1970. */
  readonly requestedAt: number
  readonly authenticatedAt: number
  readonly csrf: string
  /** The device code, if a device authorization request started the login. */
  readonly device: string | undefined
}

/** Why the login or consent page rejected a request. */
export interface Rejection {
  readonly error: string
  readonly description: string
  readonly hint: string
}

export interface LoginAcceptance {
  readonly subject: string
  readonly remember: boolean
  /** In seconds. */
  readonly rememberFor: number
  readonly extend: boolean
  readonly acr: string
  readonly amr: ReadonlyArray<string>
  readonly context: unknown
  /** In seconds since 1970. */
  readonly authenticatedAt: number
}

export interface LoginVerifier {
  readonly flow: LoginFlow
  readonly decision: LoginAcceptance | Rejection
}

/** A consent request, which the consent page accepts or rejects. */
export interface ConsentFlow {
  readonly challenge: string
  readonly id: string
  readonly login: LoginFlow
  readonly accepted: LoginAcceptance
  readonly skip: boolean
  readonly csrf: string
  /** Whether the browser has returned with a decision, which it can do once. */
  used: boolean
}

export interface ConsentAcceptance {
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly accessToken: Readonly<Record<string, unknown>>
  readonly idToken: Readonly<Record<string, unknown>>
  readonly remember: boolean
  readonly rememberFor: number
  readonly context: unknown
  /** In milliseconds since 1970. */
  readonly handledAt: number
}

export interface ConsentVerifier {
  readonly flow: ConsentFlow
  readonly decision: ConsentAcceptance | Rejection
}

/** A consent that a user gave. */
export interface ConsentRecord {
  readonly flow: ConsentFlow
  readonly decision: ConsentAcceptance
  readonly grantId: string
}

/** A browser's session with the server. */
export interface LoginSession {
  readonly id: string
  readonly subject: string
  /** In seconds since 1970. */
  readonly authenticatedAt: number
  readonly remember: boolean
}

/** How long a login or consent request is valid, in seconds. */
export const requestMaxAge = 1800

export const isRejection = (decision: object): decision is Rejection => "error" in decision
