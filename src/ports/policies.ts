/** The policies that stand around every provider: what a configuration may say of each, by name. */
import type * as Duration from "effect/Duration"
import type { Operation } from "./provider.ts"

/** What stands around a provider. Every policy but `staleIfUnavailable` is on by default; `false` turns one off. */
export interface Policies {
  /** Remembers what the vendor said of a token. */
  readonly cache?: false | CacheOptions | undefined
  /** Makes one request of all that ask the same at the same time. */
  readonly singleFlight?: false | undefined
  /** How old an answer may be that serves while the vendor is unreachable; off unless given. Never past `exp`. */
  readonly staleIfUnavailable?: Duration.Input | undefined
  /** Keeps the tokens of `clientCredentials` until shortly before they end. */
  readonly ownTokens?: false | undefined
  /** Repeats what may be repeated when the vendor cannot answer. */
  readonly retry?: false | RetryOptions | undefined
  /** Stops asking an origin that does not answer, for a while. */
  readonly breaker?: false | BreakerOptions | undefined
  /** Spans, where a tracer listens, and metrics. */
  readonly trace?: false | undefined
}

export interface CacheOptions {
  /** How old an answer may be, where a call does not say. Default 10 seconds. */
  readonly maxAge?: Duration.Input | undefined
  /**
   * How old the answer "inactive" may be. Default 2 seconds; nothing where the vendor gives that answer when it is
   * broken.
   */
  readonly inactiveMaxAge?: Duration.Input | undefined
  /** How many tokens are remembered. Default 10,000. */
  readonly entries?: number | undefined
  /** How much is remembered, in bytes, estimated. Default 64 MiB. */
  readonly bytes?: number | undefined
}

export interface RetryOptions {
  /** How often a call is repeated at most. Default 2. */
  readonly times?: number | undefined
  /** The longest first wait; each one after it may be twice as long. The wait itself is random. Default 100 ms. */
  readonly wait?: Duration.Input | undefined
  /** The longest wait of all. A vendor that asks for a longer one gets its way: the call fails at once. Default 2 seconds. */
  readonly maxWait?: Duration.Input | undefined
}

export interface BreakerOptions {
  /** After how many failures in a row an origin is not asked any more. Default 5. */
  readonly failures?: number | undefined
  /** How long it is left alone before one request tries it again. Default 5 seconds. */
  readonly coolDown?: Duration.Input | undefined
}

/** What kind of call an operation is, which decides what is done when the vendor is down. */
export type CallClass = "question" | "read" | "repeatable" | "once"

/** What each kind of call may do when the vendor is down. Nothing else decides it. */
export const onOutage: Readonly<Record<CallClass, { readonly retry: boolean; readonly stale: boolean }>> = {
  /** What a token is worth: asking again changes nothing, and an old answer may do. */
  question: { retry: true, stale: true },
  /** Asking again changes nothing. */
  read: { retry: true, stale: false },
  /** Doing it twice is the same as doing it once. */
  repeatable: { retry: true, stale: false },
  /** Whether it was done is not known when no answer came: the caller decides. */
  once: { retry: false, stale: false },
}

/** The class of every operation that may be repeated; all others are done once. */
const classes: Readonly<Partial<Record<Operation, CallClass>>> = {
  introspect: "question",
  userInfo: "read",
  authorize: "read",
  "session.end": "read",
  "metadata.discover": "read",
  "metadata.keys": "read",
  "clients.get": "read",
  "clients.list": "read",
  "registration.read": "read",
  "consent.getLogin": "read",
  "consent.getConsent": "read",
  "consent.getLogout": "read",
  "consent.listSessions": "read",
  "trust.get": "read",
  "trust.list": "read",
  revoke: "repeatable",
  clientCredentials: "repeatable",
}

/** Says what kind of call an operation is. */
export const classOf = (operation: Operation): CallClass => classes[operation] ?? "once"

/** The operations that end tokens of a client's own, as those of `clientCredentials` are. */
export const endsOwnTokens: ReadonlySet<Operation> = new Set([
  "clients.remove",
  "clients.revokeTokens",
  "registration.remove",
])

/** The operations after which no answer about any token is believed any more. */
export const endsTokens: ReadonlySet<Operation> = new Set([
  "revoke",
  ...endsOwnTokens,
  "session.end",
  "consent.acceptLogout",
  "consent.revokeSessions",
  "consent.revokeLoginSessions",
])
