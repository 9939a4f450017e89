/** A login request: what the login page is asked to decide. */
export interface LoginFlow {
  readonly challenge: string
  /** What a consent request calls its login challenge: short, and of no use at the login endpoints. */
  readonly id: string
  readonly clientId: string
  /** The URL the browser came with; every answer sends it back there. */
  readonly requestUrl: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
  readonly skip: boolean
  readonly subject: string
  readonly sid: string
  readonly oidcContext: Readonly<Record<string, unknown>>
  /** Seconds. */
  readonly requestedAt: number
  readonly authenticatedAt: number
  readonly csrf: string
  /** The user code of the device that waits, in the device flow. */
  readonly device: string | undefined
}

/** Why the login or consent page said no. */
export interface Rejection {
  readonly error: string
  readonly description: string
  readonly hint: string
}

export interface LoginAcceptance {
  readonly subject: string
  readonly remember: boolean
  readonly rememberFor: number
  readonly extend: boolean
  readonly acr: string
  readonly amr: ReadonlyArray<string>
  readonly context: unknown
  /** Seconds. */
  readonly authenticatedAt: number
}

export interface LoginVerifier {
  readonly flow: LoginFlow
  readonly answer: LoginAcceptance | Rejection
}

/** A consent request: what the consent page is asked to decide. */
export interface ConsentFlow {
  readonly challenge: string
  readonly id: string
  readonly login: LoginFlow
  readonly accepted: LoginAcceptance
  readonly skip: boolean
  readonly csrf: string
  /** The browser came back with an answer, whichever; there is no second time. */
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
  /** Milliseconds. */
  readonly handledAt: number
}

export interface ConsentVerifier {
  readonly flow: ConsentFlow
  readonly answer: ConsentAcceptance | Rejection
}

/** A consent that was given. */
export interface ConsentRecord {
  readonly flow: ConsentFlow
  readonly answer: ConsentAcceptance
  readonly grantId: string
}

/** A browser's session with the server. */
export interface LoginSession {
  readonly id: string
  readonly subject: string
  /** Seconds. */
  readonly authenticatedAt: number
  readonly remember: boolean
}

/** How long a login or consent request waits for its answer, in seconds. */
export const requestMaxAge = 1800

export const isRejection = (answer: object): answer is Rejection => "error" in answer
