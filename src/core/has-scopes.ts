/** Whether a token has scopes. */
import type { ActiveToken, TokenState } from "../ports/introspection.ts"

/** An active token whose response has its scopes. */
export type ScopedToken = ActiveToken & Required<Pick<ActiveToken, "scopes">>

/**
 * Returns whether a token is active and has every one of these scopes.
 *
 * `false` for an inactive token, and for a token whose response has no scopes.
 *
 * @param token the result of `introspect`
 * @param scope a scope, as it was granted; `more`: others that the token must have too
 */
export const hasScopes = (token: TokenState, scope: string, ...more: ReadonlyArray<string>): token is ScopedToken =>
  token.active && token.scopes?.includes(scope) === true && more.every((each) => token.scopes?.includes(each))
