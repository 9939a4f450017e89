/** Why a token is active or inactive, for operators. */
import type * as Effect from "effect/Effect"
import type { AuthError } from "./errors.ts"

/** One check of a token, in the order in which `introspect` makes them. */
export interface ExplainedCheck {
  /**
   * The name of the check. `jwt.`: a check of the signed token; `response.`: a check of the introspection response;
   * `merge.`: a comparison of the two.
   */
  readonly check: string
  readonly passed: boolean
  /** What the configuration or the standard requires. */
  readonly expected?: string
  /** What the token or the response has; at most 200 characters, never the token. */
  readonly found?: string
}

/** The checks of one token. */
export interface Explanation {
  /** The first 8 hexadecimal digits of the token's SHA-256, to find the token in a log. */
  readonly fingerprint: string
  /** Whether every check has passed: then `introspect` with `freshness: "live"` returns an active token. */
  readonly active: boolean
  readonly checks: ReadonlyArray<ExplainedCheck>
}

/** The function that the Effect API adds to every provider, for operators. */
export interface Explainable {
  /**
   * Lists the checks of an access token, each with what was expected and what was found.
   *
   * For operators: an HTTP response must never contain an explanation, because it tells an attacker what to change. It
   * sends one introspection request and, for a JWT, one request for the key set. Caches, circuit breakers and metrics
   * are neither used nor changed. A check after a failed one is listed if it can still be made. An error of the vendor
   * is a failed check.
   *
   * @param token the bearer token as received, without the word `Bearer`
   *
   * Fails with `InvalidRequest` or `UnsupportedOperation` (the vendor has no introspection).
   */
  readonly explain: (token: string) => Effect.Effect<Explanation, AuthError>
}
