/** The options of every call, and the pages of lists. */
import type { DurationInput } from "./duration.ts"

/**
 * The options of every call. Unknown options are rejected.
 *
 * Besides the reasons listed at each operation, every operation can fail with `InvalidRequest` (a wrong argument),
 * `UnsupportedOperation` (an argument that this vendor would ignore) and `InvalidConfig` (the configuration lacks a
 * member that this call requires). In the Promise API a call also takes `signal`, and rejects with the signal's reason
 * when the signal is aborted.
 */
export interface CallOptions {
  /**
   * The longest time of this call, with all its requests, retries and pauses, such as `"2 seconds"`. Default: the
   * configuration's `timeout`, 10 seconds.
   */
  readonly timeout?: DurationInput
  /** `false`: no request of this call is repeated, that for the key set included, whatever the policies are. */
  readonly retry?: false
}

/** One page of a list. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Pass it as `cursor` to get the next page. Absent on the last page. Short-lived: never store it. */
  readonly next?: string
}

/** The query of every list. */
export interface PageQuery {
  /** The `next` of the previous page. It comes from the vendor: never pass an end user's text. */
  readonly cursor?: string
  /** The largest number of items in a page. The vendor may return fewer. */
  readonly pageSize?: number
}
