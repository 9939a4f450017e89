/** The only error of the library, and its closed set of reasons. */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import { NodeInspectSymbol } from "effect/Inspectable"

/** One problem of a configuration or argument: where it is, and what to do about it. */
export interface Issue {
  /** Dotted path of the member; `""` for the whole value. */
  readonly path: string
  readonly message: string
}

/** Why a call failed. The set is closed: a vendor adds rows to the error mapping, never a reason. */
export type Reason =
  /** The configuration is wrong; `issues` lists every problem. The developer must act, when the service starts. */
  | { readonly _tag: "InvalidConfig"; readonly issues: ReadonlyArray<Issue> }
  /** The vendor lacks this operation or argument. `instead` names an alternative, if there is one. */
  | {
      readonly _tag: "UnsupportedOperation"
      readonly standard: string
      readonly argument?: string
      readonly instead?: string
    }
  /**
   * The arguments are wrong, or the vendor responded with 400 or 422. `code` is the RFC's or the vendor's error code.
   */
  | { readonly _tag: "InvalidRequest"; readonly code?: string; readonly field?: string; readonly detail?: string }
  /** The credentials of the configuration are wrong (client secret, assertion, API key). The operator must act. */
  | { readonly _tag: "InvalidClient"; readonly code?: string; readonly detail?: string }
  /**
   * The authorization code, refresh token, assertion or device code was used, has expired, or belongs to another
   * client. The user must log in again.
   */
  | { readonly _tag: "InvalidGrant"; readonly code?: string; readonly detail?: string }
  /** The callback does not match the authorization request. The user must log in again. */
  | {
      readonly _tag: "InvalidCallback"
      readonly check: CallbackCheck
      readonly code?: string
      readonly detail?: string
    }
  /** The vendor must show a page (login, consent, account choice), but the request forbids it. */
  | { readonly _tag: "InteractionRequired"; readonly code: string; readonly detail?: string }
  /** The caller's token is not valid for this call. */
  | { readonly _tag: "InvalidToken"; readonly check: TokenCheck; readonly code?: string; readonly detail?: string }
  /** A scope or a policy forbids the call. */
  | { readonly _tag: "AccessDenied"; readonly code?: string; readonly detail?: string }
  | { readonly _tag: "NotFound" }
  | { readonly _tag: "Conflict"; readonly detail?: string }
  /** The user has not finished yet (RFC 8628 section 3.5). `pollDevice` waits and polls again. */
  | { readonly _tag: "AuthorizationPending"; readonly slowDown: boolean }
  /** HTTP 429. `after` is the pause that the vendor requests. */
  | { readonly _tag: "RateLimited"; readonly detail?: string; readonly after?: Duration.Duration }
  /**
   * No usable response: network failure, timeout, 5xx, 408 or 425. It is unknown whether the token is active.
   * `permanent`: an operator must act first, because a retry would fail again (a certificate that is not accepted, a
   * proxy that refuses).
   */
  | {
      readonly _tag: "Unavailable"
      readonly detail: string
      readonly status?: number
      readonly after?: Duration.Duration
      readonly permanent?: true
    }
  /** The response breaks the standard: a wrong status, content type or shape. */
  | { readonly _tag: "UnexpectedResponse"; readonly detail: string; readonly status?: number; readonly path?: string }

/** The check of a callback that failed. */
export type CallbackCheck = "provider" | "issuer" | "redirect_uri" | "state" | "code" | "error"

/** The check of a token that failed. `"ended"`: a logout has ended its session. */
export type TokenCheck = "expired" | "signature" | "issuer" | "audience" | "subject" | "format" | "ended" | "rejected"

/** The reason of every request through a closed transport. */
export const closed: Reason = { _tag: "Unavailable", detail: "closed" }

/** Whether the vendor is unreachable or overloaded, so that an earlier answer may replace the error. */
export const isOutage = (reason: Reason): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unavailable" && reason !== closed)

/** Whether the same call may succeed later without any change. */
export const isRetryable = (reason: Reason): boolean =>
  isOutage(reason) && !(reason._tag === "Unavailable" && reason.permanent === true)

/**
 * The only error that an operation fails with: the vendor, the operation, and why it failed.
 *
 * It never contains a secret or a token, however it is printed.
 */
export class AuthError extends Data.TaggedError("AuthError")<{
  /** The vendor's id, such as `"oidc"`. */
  readonly provider: string
  /** The operation, such as `"introspect"` or `"clients.get"`. */
  readonly operation: string
  readonly reason: Reason
  /**
   * Origin and path of the last request of the call, such as `"https://id.example/oauth2/token"`, sent or not; absent if
   * the call needed none. It has no query, which may hold a secret.
   */
  readonly url?: string
}> {
  override get message(): string {
    const description = describe(this.reason)
    const address = this.url === undefined ? "" : ` (${this.url})`
    return `${this.provider}.${this.operation}: ${this.reason._tag}${description === "" ? "" : `: ${description}`}${address}`
  }

  /** Whether the same call may succeed later without any change. */
  get isRetryable(): boolean {
    return isRetryable(this.reason)
  }

  /** How long to wait, if the vendor or the circuit breaker requests a pause. */
  get retryAfter(): Duration.Duration | undefined {
    return "after" in this.reason ? this.reason.after : undefined
  }

  /** `retryAfter` in seconds, rounded up, as the header `Retry-After` has it. */
  get retryAfterSeconds(): number | undefined {
    return this.retryAfter && Math.ceil(Duration.toSeconds(this.retryAfter))
  }

  /** Prints as Node prints every error: the stack, then the members. */
  override [NodeInspectSymbol](...[, options, inspect]: ReadonlyArray<unknown>): unknown {
    return typeof inspect === "function" ? inspect(this, { ...Object(options), customInspect: false }) : this.stack
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
      return [`${reason.check} check failed`, reason.code, reason.detail].filter(Boolean).join(": ")
    case "RateLimited":
      return [reason.detail, reason.after && `retry after ${Duration.format(reason.after)}`].filter(Boolean).join("; ")
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
