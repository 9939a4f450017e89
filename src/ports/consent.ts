/** The login, consent and logout screens of a vendor that delegates them to your application. */
import type * as Effect from "effect/Effect"
import type { CallOptions, Page, PageQuery } from "./call.ts"
import type { ClientSummary } from "./clients.ts"
import type { DurationInput } from "./duration.ts"
import type { AuthError } from "./errors.ts"

/**
 * The vendor sends the browser to your page with a challenge. Get the challenge's request, accept or reject it, and
 * send the browser to `redirectTo`.
 *
 * All fail with `NotFound` (no such challenge), `InvalidRequest`, `InvalidClient`, `AccessDenied`, `RateLimited`,
 * `Unavailable` or `UnexpectedResponse`. A challenge that was already handled is a result, not an error: see `Handled`.
 */
export interface Consent {
  /** Reads the request behind a login challenge. */
  readonly getLogin: (challenge: string, options?: CallOptions) => Effect.Effect<LoginRequest | Handled, AuthError>
  /** Accepts a login, with the subject of the user. */
  readonly acceptLogin: (input: AcceptLogin, options?: CallOptions) => Effect.Effect<Redirect, AuthError>
  /** Rejects a login, with an error for the client. */
  readonly rejectLogin: (input: Reject, options?: CallOptions) => Effect.Effect<Redirect, AuthError>
  /** Reads the request behind a consent challenge. */
  readonly getConsent: (challenge: string, options?: CallOptions) => Effect.Effect<ConsentRequest | Handled, AuthError>
  /** Accepts a consent request, with the scopes and the audience that the user granted. */
  readonly acceptConsent: (input: AcceptConsent, options?: CallOptions) => Effect.Effect<Redirect, AuthError>
  /** Rejects a consent request, with an error for the client. */
  readonly rejectConsent: (input: Reject, options?: CallOptions) => Effect.Effect<Redirect, AuthError>
  /** Reads the request behind a logout challenge. */
  readonly getLogout: (challenge: string, options?: CallOptions) => Effect.Effect<LogoutRequest | Handled, AuthError>
  /** Accepts a logout: the session ends when the browser is sent to `redirectTo`. */
  readonly acceptLogout: (challenge: string, options?: CallOptions) => Effect.Effect<Redirect, AuthError>
  /** Rejects a logout: the session continues. */
  readonly rejectLogout: (challenge: string, options?: CallOptions) => Effect.Effect<void, AuthError>
  /** Lists a user's grants: as an async iterable or a stream of all grants. An adapter returns one page. */
  readonly listSessions: (query: ConsentQuery, options?: CallOptions) => Effect.Effect<Page<ConsentSession>, AuthError>
  /** Revokes a user's grants and the tokens that were issued from them. */
  readonly revokeSessions: (input: RevokeConsent, options?: CallOptions) => Effect.Effect<void, AuthError>
  /** Ends login sessions. Tokens stay active. */
  readonly revokeLoginSessions: (input: RevokeLogin, options?: CallOptions) => Effect.Effect<void, AuthError>
}

/** The request behind a login challenge. */
export interface LoginRequest {
  readonly handled: false
  readonly challenge: string
  /** Present if `skip` is true. */
  readonly subject?: string
  /** Whether the user is already logged in: accept with this subject, without a screen. */
  readonly skip: boolean
  readonly client: ClientSummary
  readonly requestedScopes: ReadonlyArray<string>
  readonly requestedAudience: ReadonlyArray<string>
  readonly requestUrl: string
  readonly sessionId?: string
  /** OpenID Connect's hints (`acr_values`, `login_hint`, `ui_locales`, ...), under their own names. */
  readonly hints: Readonly<Record<string, unknown>>
}

/** The request behind a consent challenge. */
export interface ConsentRequest extends LoginRequest {
  readonly loginChallenge?: string
  readonly loginSessionId?: string
  /** The `context` of `acceptLogin`. */
  readonly context?: unknown
}

/** The request behind a logout challenge. */
export interface LogoutRequest {
  readonly handled: false
  readonly challenge: string
  readonly subject?: string
  readonly sessionId?: string
  readonly requestUrl?: string
  readonly rpInitiated: boolean
  readonly client?: ClientSummary
}

/** The challenge was already handled. Send the browser to `redirectTo`. */
export interface Handled {
  readonly handled: true
  readonly redirectTo: string
}

/** The URL to which the browser must be sent. */
export interface Redirect {
  readonly redirectTo: string
}

/** A login to accept, and the user who has logged in. */
export interface AcceptLogin {
  readonly challenge: string
  readonly subject: string
  readonly remember?: boolean
  /** In whole seconds, such as `"30 days"`; `"0 seconds"`: until the browser closes. */
  readonly rememberFor?: DurationInput
  readonly extendSession?: boolean
  readonly acr?: string
  readonly amr?: ReadonlyArray<string>
  readonly identityProviderSessionId?: string
  readonly forceSubjectIdentifier?: string
  /** Any JSON. The consent request has it as its `context`. */
  readonly context?: unknown
}

/** A consent request to accept, and what the user has granted. */
export interface AcceptConsent {
  readonly challenge: string
  readonly grantScopes: ReadonlyArray<string>
  readonly grantAudience?: ReadonlyArray<string>
  /** Claims to add to the tokens. */
  readonly session?: ConsentClaims
  readonly remember?: boolean
  /** In whole seconds, such as `"30 days"`; `"0 seconds"`: for ever. */
  readonly rememberFor?: DurationInput
  /** Any JSON, stored with the grant. */
  readonly context?: unknown
}

/** The claims that a consent adds to tokens. */
export interface ConsentClaims {
  readonly accessToken?: Readonly<Record<string, unknown>>
  readonly idToken?: Readonly<Record<string, unknown>>
}

/** A login or consent request to reject, and the error for the client. */
export interface Reject {
  readonly challenge: string
  /** An OAuth error code, such as `access_denied`. */
  readonly error: string
  readonly errorDescription?: string
  readonly statusCode?: number
}

/** The user whose grants are listed. */
export interface ConsentQuery extends PageQuery {
  readonly subject: string
  readonly loginSessionId?: string
}

/** A user's grant to a client. */
export interface ConsentSession {
  readonly consentRequestId?: string
  readonly grantScopes: ReadonlyArray<string>
  readonly grantAudience: ReadonlyArray<string>
  readonly session: ConsentClaims
  readonly remember: boolean
  /** 0: for ever. */
  readonly rememberForSeconds?: number
  readonly handledAt?: Date
  readonly context?: unknown
  readonly request?: ConsentRequest
}

/** What to revoke: a user's grants to one client, all of a user's grants, or one grant. */
export type RevokeConsent =
  | { readonly subject: string; readonly client: string }
  | { readonly subject: string; readonly all: true }
  | { readonly consentRequestId: string }

/** The login sessions to end: all of a user, or one. */
export type RevokeLogin = { readonly subject: string } | { readonly sessionId: string }
