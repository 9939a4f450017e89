/** The policies around a provider, as members of a configuration. */
import type { DurationInput } from "./duration.ts"

/** The policies around a provider. Every policy except `staleIfError` is on by default; `false` turns one off. */
export interface Policies {
  /**
   * The longest time of a call, with all its requests, retries and pauses. Default 10 seconds. `pollDevice` has no
   * default; each page of a list is a call; an operation with several writes has this time for each write.
   */
  readonly timeout?: DurationInput | undefined
  /** Caches introspections of access tokens. */
  readonly cache?: false | CacheOptions | undefined
  /**
   * Answers concurrent introspections, and concurrent refreshes, of one token from one request; also concurrent exchanges
   * of one code.
   */
  readonly singleFlight?: false | undefined
  /**
   * How old a cached answer may be that replaces an error while the vendor is unavailable: 1 second to 1 day. Off unless
   * given. Never used after the token's `exp`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc5861#section-4
   */
  readonly staleIfError?: DurationInput | undefined
  /** Caches the tokens of `clientCredentials`, and refreshes them before they expire. */
  readonly tokenCache?: false | undefined
  /** Repeats calls that may be repeated when the vendor is unavailable. */
  readonly retry?: false | RetryOptions | undefined
  /** Stops requests to an origin that does not answer, until it answers a request of latchkey's own. */
  readonly circuitBreaker?: false | undefined
  /** Records metrics, and spans where a tracer is installed. */
  readonly trace?: false | undefined
}

/** The options of the introspection cache. */
export interface CacheOptions {
  /** How old a cached answer may be, unless the call says otherwise. Default 10 seconds; at most 1 hour. */
  readonly maxAge?: DurationInput | undefined
  /**
   * How old a cached `{ active: false }` may be. Default 2 seconds, at most 1 minute. Always 0 for a vendor that
   * reports active tokens as inactive during its own outages.
   */
  readonly inactiveMaxAge?: DurationInput | undefined
  /** The largest number of cached tokens. Default 10,000. */
  readonly entries?: number | undefined
  /** The largest estimated size of the cache, in bytes. Default 64 MiB. */
  readonly bytes?: number | undefined
}

/** The options of retries. */
export interface RetryOptions {
  /** How often a call is repeated at most. Default 2. */
  readonly attempts?: number | undefined
  /** The longest pause before the first repetition. It doubles for each further one; the pause is random. Default 100 ms. */
  readonly baseDelay?: DurationInput | undefined
  /** The longest pause. If the vendor requests a longer one, the call fails at once. Default 2 seconds. */
  readonly maxDelay?: DurationInput | undefined
}
