/** The events of a provider, for operators. */
import type { Reason, TokenCheck } from "./errors.ts"

/** The cause of an event: members of the error. */
export interface EventCause {
  readonly reason: Reason["_tag"]
  /** The description of the error, without secrets. */
  readonly detail?: string
  /** Origin and path of the request that failed, without its query. */
  readonly url?: string
}

/** One event. It never holds a secret, a token or the identity of a user. */
export type LogEvent =
  /** A token failed a check of latchkey and is inactive. `explain` shows what was expected and found. */
  | { readonly _tag: "TokenRejected"; readonly provider: string; readonly check: TokenCheck }
  /**
   * The circuit of an origin has opened, because the origin does not answer: requests to it fail at once. `failures`:
   * the calls of the last ten seconds that failed, or that still wait after half a second. `detail` and `url`:
   * latchkey's own request, which was not answered.
   */
  | ({
      readonly _tag: "CircuitOpened"
      readonly provider: string
      readonly origin: string
      readonly failures: number
    } & Omit<EventCause, "reason">)
  /** The circuit of an origin has closed, because the origin answers again, or because no call has come for ten seconds. */
  | { readonly _tag: "CircuitClosed"; readonly provider: string; readonly origin: string }
  /** A stale cached answer replaced an error. */
  | ({ readonly _tag: "StaleServed"; readonly provider: string } & EventCause)
  /** The vendor rejected one of two client secrets, and the other one is in use: 0 is the first. */
  | { readonly _tag: "SecretFellBack"; readonly provider: string; readonly secret: number }
  /** The key set was fetched. */
  | { readonly _tag: "KeysRefreshed"; readonly provider: string; readonly keys: number }
  /** The key set could not be fetched. */
  | ({ readonly _tag: "KeysUnavailable"; readonly provider: string } & EventCause)
  /**
   * An operation that ends tokens, or a `"logout"`, has removed cached answers: those of the token's `"grant"`, of a
   * `"subject"`, of a `"client"` or of a `"session"`. `"unknown"`: it is not known which, so each answer that is used is requested again in the background.
   */
  | {
      readonly _tag: "CacheInvalidated"
      readonly provider: string
      readonly operation: string
      readonly extent: "grant" | "subject" | "client" | "session" | "unknown"
    }
  /**
   * The store of the fleet did not confirm an end. Other processes may use their cached answers until these are older
   * than `cache.maxAge`, or until a later attempt is confirmed.
   */
  | { readonly _tag: "RevocationUnshared"; readonly provider: string; readonly operation: string }
  /**
   * The store of the fleet has given no answer for a second or longer. Until it answers, this process works as without a
   * fleet. At most once in ten seconds.
   */
  | { readonly _tag: "FleetUnavailable"; readonly provider: string; readonly detail: string }
  /** The store of the fleet answers again. */
  | { readonly _tag: "FleetAvailable"; readonly provider: string }

/** Receives the events of a provider. It must not block; an exception in it has no effect. */
export type Log = (event: LogEvent) => void
