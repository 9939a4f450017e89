/** The situations of a request to a protected API, and the response to each: one table for the code, the tests and the docs. */

/**
 * The response to a refused request, without the challenge. The texts are constants, so that they reveal nothing to an
 * attacker.
 */
export interface Answer {
  readonly status: 400 | 401 | 403 | 500 | 503
  readonly title: string
  /** The `error` of the challenge and of the body (RFC 6750 section 3.1, RFC 9449 section 7.1, RFC 9470 section 3). */
  readonly error?: string
  readonly detail: string
}

const unauthorized = { status: 401, title: "Unauthorized" } as const

/** The responses. */
export const answers = {
  missing: { ...unauthorized, detail: "This resource requires an access token in the Authorization header." },
  malformed: {
    status: 400,
    title: "Bad Request",
    error: "invalid_request",
    detail: "The request must have one access token, in the Authorization header.",
  },
  invalidToken: { ...unauthorized, error: "invalid_token", detail: "The access token is not valid for this resource." },
  invalidProof: {
    ...unauthorized,
    error: "invalid_dpop_proof",
    detail: "The DPoP proof is missing, or it is not valid for this request.",
  },
  nonceRequired: {
    ...unauthorized,
    error: "use_dpop_nonce",
    detail: "The DPoP proof must have the nonce of this response.",
  },
  insufficientAuthentication: {
    ...unauthorized,
    error: "insufficient_user_authentication",
    detail: "The user must log in again, in the required way.",
  },
  insufficientScope: {
    status: 403,
    title: "Forbidden",
    error: "insufficient_scope",
    detail: "The access token lacks a scope that this resource requires.",
  },
  unavailable: {
    status: 503,
    title: "Service Unavailable",
    detail: "The access token cannot be checked at the moment. Send the request again later.",
  },
  failed: {
    status: 500,
    title: "Internal Server Error",
    detail: "The server cannot check access tokens because of a fault of its own.",
  },
} satisfies Readonly<Record<string, Answer>>

export type AnswerName = keyof typeof answers

/** The situations. Logs and hooks name them; the response does not. */
export const situations = {
  "no-credentials": "missing",
  "other-scheme": "missing",
  "token-in-query": "missing",
  "malformed-credentials": "malformed",
  "two-credentials": "malformed",
  "token-too-long": "invalidToken",
  "inactive-token": "invalidToken",
  "bound-token-as-bearer": "invalidToken",
  "unbound-token-with-proof": "invalidToken",
  "proof-of-other-key": "invalidToken",
  "other-certificate": "invalidToken",
  "unknown-binding": "invalidToken",
  "proof-missing": "invalidProof",
  "proof-invalid": "invalidProof",
  "proof-replayed": "invalidProof",
  "nonce-required": "nonceRequired",
  "scope-missing": "insufficientScope",
  "login-insufficient": "insufficientAuthentication",
  "login-unknown": "insufficientAuthentication",
  "scopes-unknown": "failed",
  "vendor-unavailable": "unavailable",
  "client-gone": "unavailable",
  "replay-store-unavailable": "unavailable",
  "vendor-fault": "failed",
} satisfies Readonly<Record<string, AnswerName>>

/** The name of a situation in which a request is refused. */
export type Situation = keyof typeof situations
