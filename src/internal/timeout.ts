/** The `timeout` of a call: the longest that the whole call may take, with all its attempts. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "../ports/errors.ts"

/**
 * Limits how long a call may take.
 *
 * @param timeout the limit; absent: none
 * @param onTimeout what the call results in when the limit has passed
 */
export const withTimeout = <A, E>(
  call: Effect.Effect<A, E>,
  timeout: Duration.Input | undefined,
  onTimeout: (reason: Reason) => Effect.Effect<A, E>,
): Effect.Effect<A, E> => {
  if (timeout === undefined) return call
  const duration = Duration.fromInputUnsafe(timeout)
  const reason: Reason = { _tag: "Unavailable", detail: `no response within ${Duration.format(duration)}` }
  return Effect.timeoutOrElse(call, { duration, orElse: () => onTimeout(reason) })
}
