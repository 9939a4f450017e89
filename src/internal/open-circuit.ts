/** The reason of a request that was not sent because the circuit of its origin is open. */
import * as Duration from "effect/Duration"
import type { Reason } from "../ports/errors.ts"

const prefix = "circuit open"

/** How often latchkey asks an origin whose circuit is open, in milliseconds. */
export const askingPause = 1000

/** Makes the reason. `lastFailure` must hold no byte of a response. */
export const openCircuit = (lastFailure: string): Reason => ({
  _tag: "Unavailable",
  detail: `${prefix}: nothing was sent, because the origin does not answer; last failure: ${lastFailure}`,
  after: Duration.millis(askingPause),
})

/** Whether a reason is of this kind. No vendor's text is the detail of an outage. */
export const isOpenCircuit = (reason: Reason): boolean =>
  reason._tag === "Unavailable" && reason.detail.startsWith(prefix)
