/** The response to an error of the vendor. */
import type { AuthError } from "../ports/errors.ts"
import type { Situation } from "./situations.ts"

/** The error is recognized by its tag, because it may come from another copy of latchkey. */
export const isAuthError = (error: unknown): error is AuthError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "AuthError" && "reason" in error

/**
 * Returns the situation of an error. It is unknown whether the token is active, so the response is never 401: a client
 * would discard a valid token. An outage is 503; any other error is 500, because an operator must act.
 */
export const situationOf = (error: unknown): Situation => {
  if (!isAuthError(error)) return "vendor-fault"
  const { _tag } = error.reason
  return _tag === "Unavailable" || _tag === "RateLimited" ? "vendor-unavailable" : "vendor-fault"
}

/** Returns the value of `Retry-After` in whole seconds, 1 at least (RFC 9110 section 10.2.3). */
export const retryAfterOf = (error: unknown): number =>
  Math.max(1, isAuthError(error) ? (error.retryAfterSeconds ?? 1) : 1)
