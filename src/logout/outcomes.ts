/** The outcomes of a logout request, and the response to each: one table for the code, the tests and the docs. */
import type { Reply } from "../guard/refusal.ts"

/**
 * A response (OpenID Connect Back-Channel Logout 1.0 section 2.8). The texts are constants, so that they reveal
 * nothing.
 */
interface Answer {
  readonly status: 200 | 400 | 405 | 503
  readonly headers?: Readonly<Record<string, string>>
  readonly error?: string
  readonly description?: string
}

const answers = {
  done: { status: 200 },
  notAllowed: {
    status: 405,
    headers: { allow: "POST" },
    error: "invalid_request",
    description: "A logout request is a POST request.",
  },
  invalid: {
    status: 400,
    error: "invalid_request",
    description: "The request must have one valid logout token in its form.",
  },
  unavailable: {
    status: 503,
    headers: { "retry-after": "5" },
    error: "temporarily_unavailable",
    description: "The logout is not in force. Send the same request again later.",
  },
} as const satisfies Readonly<Record<string, Answer>>

/** The outcomes. Hooks name them; the response does not. */
export const outcomes = {
  done: "done",
  /** The request is not a POST request. */
  method: "notAllowed",
  /** The content type is not `application/x-www-form-urlencoded`. */
  "content-type": "invalid",
  /** The form is too long, or has no `logout_token` or two. */
  form: "invalid",
  /** The token is no signed JWT, or a claim has another type than the standard says. */
  format: "invalid",
  /** The header `typ` is not that of a logout token. */
  type: "invalid",
  /** The header `alg` is not an asymmetric algorithm. */
  algorithm: "invalid",
  issuer: "invalid",
  audience: "invalid",
  /** `iat` is absent, too old or in the future. */
  age: "invalid",
  /** `exp` is absent or past. */
  expired: "invalid",
  /** `jti` is absent. */
  "token-id": "invalid",
  /** `events` does not hold the logout event. */
  events: "invalid",
  /** There is neither `sub` nor `sid`. */
  subject: "invalid",
  /** There is a `nonce`: this is an ID token. */
  nonce: "invalid",
  signature: "invalid",
  /** The logout is in force already. */
  replayed: "invalid",
  /** The form did not arrive in time, or was read before. */
  "form-unavailable": "unavailable",
  /** The key set of the issuer lacks the key. */
  "unknown-key": "unavailable",
  /** The key set of the issuer cannot be fetched. */
  "keys-unavailable": "unavailable",
  /** The sessions could not be ended, or `onLogout` failed. */
  "end-failed": "unavailable",
  "replay-store-unavailable": "unavailable",
} as const satisfies Readonly<Record<string, keyof typeof answers>>

/** The outcome of a logout request. */
export type Outcome = keyof typeof outcomes

/** Makes the response. */
export const replyTo = (outcome: Outcome): Reply => {
  const { status, headers, error, description }: Answer = answers[outcomes[outcome]]
  return {
    status,
    headers: {
      "cache-control": "no-store",
      ...(error !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    body: error === undefined ? undefined : JSON.stringify({ error, error_description: description }),
  }
}
