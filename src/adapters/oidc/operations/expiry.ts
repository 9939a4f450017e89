/** Converts a lifetime in seconds to a date. */
import type { Reason } from "../../../ports/errors.ts"

/** The latest time that a `Date` can hold, in milliseconds since 1970. */
const maxTime = 8.64e15

/** Returns the end of a lifetime that begins at `now`, or `undefined` if a `Date` cannot hold it. */
export const expiry = (seconds: number, now: number): Date | undefined =>
  now + seconds * 1000 <= maxTime ? new Date(now + seconds * 1000) : undefined

/** The reason for a lifetime whose end a `Date` cannot hold. */
export const expiryOutOfRange: Reason = {
  _tag: "UnexpectedResponse",
  path: "expires_in",
  detail: "the lifetime exceeds the range of a date",
}
