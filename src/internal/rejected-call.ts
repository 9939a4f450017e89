/** The convention for a call whose result is known before anything is sent. */
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/**
 * Returns whether a call was rejected before anything was sent: its effect is already a failed `Exit`.
 *
 * An adapter checks arguments when an operation is called, not when its effect runs. Policies return such a call
 * unchanged: it must not wait, be repeated, be shared or start a request.
 */
export const isRejected = <A, E>(call: Effect.Effect<A, E>): boolean => Exit.isExit(call) && Exit.isFailure(call)

/** Returns whether the result of a call was known before anything was sent: its effect is already an `Exit`. */
export const isSettled = <A, E>(call: Effect.Effect<A, E>): boolean => Exit.isExit(call)
