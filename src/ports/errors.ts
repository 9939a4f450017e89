/** The one error of the library and its closed set of reasons. */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"

/** One problem of a configuration or argument: where it is and what to do about it. */
export interface Issue {
  /** Dotted path of the member, `""` for the whole. */
  readonly path: string
  readonly message: string
}

/** Why a call failed. The set is closed: a vendor adds rows to a mapping, never a reason. */
export type Reason =
  /** The configuration is wrong; every problem is listed. The developer acts, at start. */
  | { readonly _tag: "InvalidConfig"; readonly issues: ReadonlyArray<Issue> }
  /** The vendor cannot do this. `instead` says what to use, where there is something. */
  | {
      readonly _tag: "UnsupportedOperation"
      readonly standard: string
      readonly argument?: string
      readonly instead?: string
    }
  /** Our arguments, or the vendor's 400 or 422. `code` is the RFC's or the vendor's error code. */
  | { readonly _tag: "InvalidRequest"; readonly code?: string; readonly field?: string; readonly detail?: string }
  /** Our own credentials are wrong (client secret, assertion, API key). The operator acts. */
  | { readonly _tag: "InvalidClient"; readonly code?: string; readonly detail?: string }
  /** The code, refresh token, assertion or device code is used up, expired or not ours. The user logs in again. */
  | { readonly _tag: "InvalidGrant"; readonly code?: string; readonly detail?: string }
  /** The redirect back from the vendor is not the answer to our request. The user logs in again. */
  | { readonly _tag: "InvalidCallback"; readonly check: CallbackCheck; readonly code?: string }
  /** The vendor needs the user (login, consent, account choice) and was told not to ask. */
  | { readonly _tag: "InteractionRequired"; readonly code: string }
  /** The caller's token is not good for this. */
  | { readonly _tag: "InvalidToken"; readonly check: TokenCheck }
  /** Scope or policy forbids it. */
  | { readonly _tag: "AccessDenied"; readonly code?: string; readonly detail?: string }
  | { readonly _tag: "NotFound" }
  | { readonly _tag: "Conflict"; readonly detail?: string }
  /** The user has not finished yet (RFC 8628 section 3.5); `pollDevice` waits and asks again. */
  | { readonly _tag: "AuthorizationPending"; readonly slowDown: boolean }
  /** HTTP 429. `after` is how long the vendor asked us to wait. */
  | { readonly _tag: "RateLimited"; readonly after?: Duration.Duration }
  /** No usable answer: network, time-out, 5xx. Nothing is known about the token. */
  | {
      readonly _tag: "Unavailable"
      readonly detail: string
      readonly status?: number
      readonly after?: Duration.Duration
    }
  /** An answer that no standard allows: a wrong status, content type or shape. */
  | { readonly _tag: "UnexpectedResponse"; readonly detail: string; readonly status?: number; readonly path?: string }

/** Which check of the redirect back failed. */
export type CallbackCheck = "provider" | "issuer" | "redirect_uri" | "state" | "code" | "error"

/** Which check of a token failed. */
export type TokenCheck = "expired" | "signature" | "issuer" | "audience" | "subject" | "format" | "rejected"

/** What a closed door answers. */
export const closed: Reason = { _tag: "Unavailable", detail: "closed" }

/** Whether the same call may succeed later without anybody acting. */
export const isRetryable = (reason: Reason): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unavailable" && reason !== closed)

/**
 * The only error that an operation fails with: who was asked, for what, and why it failed.
 *
 * No secret and no token is ever in it, however it is printed.
 */
export class AuthError extends Data.TaggedError("AuthError")<{
  /** The vendor's id, such as `"oidc"`. */
  readonly provider: string
  /** What the caller asked, such as `"introspect"` or `"clients.get"`. */
  readonly operation: string
  readonly reason: Reason
}> {
  override get message(): string {
    const text = describe(this.reason)
    return `${this.provider}.${this.operation}: ${this.reason._tag}${text === "" ? "" : `: ${text}`}`
  }

  /** Whether the same call may succeed later without anybody acting. */
  get isRetryable(): boolean {
    return isRetryable(this.reason)
  }

  /** How long to wait, when the vendor, or the breaker, said so. */
  get retryAfter(): Duration.Duration | undefined {
    return "after" in this.reason ? this.reason.after : undefined
  }
}

const describe = (reason: Reason): string => {
  switch (reason._tag) {
    case "InvalidConfig":
      return reason.issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ")
    case "UnsupportedOperation":
      return [reason.argument && `argument ${reason.argument}`, reason.standard, reason.instead]
        .filter(Boolean)
        .join("; ")
    case "InvalidCallback":
    case "InvalidToken":
      return `${reason.check} check failed`
    case "RateLimited":
      return reason.after === undefined ? "" : `retry after ${Duration.format(reason.after)}`
    case "AuthorizationPending":
      return reason.slowDown ? "slow down" : ""
    case "NotFound":
      return ""
    default:
      return [
        "code" in reason && reason.code,
        "field" in reason && reason.field,
        "status" in reason && reason.status !== undefined && `HTTP ${reason.status}`,
        "path" in reason && reason.path,
        "detail" in reason && reason.detail,
      ]
        .filter(Boolean)
        .join(": ")
  }
}
