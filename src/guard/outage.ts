/** Which response an error of the vendor leads to. */
import type { AuthError } from "../ports/errors.ts"
import type { Situation } from "./situations.ts"

/** Recognised by its tag: the error may be of another copy of latchkey. */
export const isAuthError = (error: unknown): error is AuthError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "AuthError" && "reason" in error

/**
 * Returns the situation of an error. Whether the token is active is not known, so the answer is never 401: a caller would
 * throw away a good token. An outage is 503; anything else is a fault that an operator must mend.
 */
export const situationOf = (error: unknown): Situation => {
  if (hasLeft(error)) return "vendor-unavailable"
  if (!isAuthError(error)) return "vendor-fault"
  const { _tag } = error.reason
  return _tag === "Unavailable" || _tag === "RateLimited" ? "vendor-unavailable" : "vendor-fault"
}

/** Whether asking ended because the caller went away: the `signal` of the request was aborted. */
export const hasLeft = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError"

/** Returns the value of `Retry-After` in whole seconds, 1 at least (RFC 9110 section 10.2.3). */
export const retryAfterOf = (error: unknown): number =>
  Math.max(1, isAuthError(error) ? (error.retryAfterSeconds ?? 1) : 1)
