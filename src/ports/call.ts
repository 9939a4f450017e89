/** What every operation takes and what a list answers. */
import type * as Duration from "effect/Duration"

/**
 * Options of every call. Unknown options are refused.
 *
 * Beside the reasons that an operation names, every one may fail with `InvalidRequest` for an argument that is wrong,
 * `UnsupportedOperation` for one that this vendor would ignore, and `InvalidConfig` for a part of the configuration that it
 * turns out to need. With promises a call also takes `signal`, and rejects with that signal's reason when it is aborted.
 */
export interface CallOptions {
  /** The longest the whole call may take, all attempts together: `"2 seconds"`, or a number of milliseconds. */
  readonly timeout?: Duration.Input
  /** `false`: this call is never repeated, whatever the policies say. */
  readonly retry?: false
}

/** One page of a list. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Pass it as `cursor` to get the page after this one; absent on the last. Short-lived: never store it. */
  readonly next?: string
}

/** What every list takes. */
export interface PageQuery {
  /** The `next` of the page before. It comes from the vendor: never pass on an end user's text. */
  readonly cursor?: string
  /** How many items a page may have; the vendor may give fewer. */
  readonly pageSize?: number
}
