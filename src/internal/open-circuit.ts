/** The reason of a request that was not sent because the circuit of its origin is open. */
import * as Duration from "effect/Duration"
import type { Reason } from "../ports/errors.ts"

const prefix = "circuit open"

/** The time between two of latchkey's own requests to an origin whose circuit is open, in milliseconds. */
export const askingPause = 1000

/** The time for the response to such a request, in milliseconds. */
const answerTime = 250

/** A failure, as the errors of an open circuit repeat it. It holds no byte of a response. */
export type Failure = Pick<Extract<Reason, { readonly _tag: "Unavailable" }>, "detail" | "permanent">

/**
 * Makes the reason. The last failure says what to do, and whether an operator must act. `after` ends when the response
 * to the next own request should be there, which closes the circuit if the origin answers again.
 *
 * @param sinceAsked the milliseconds since the latest own request
 */
export const openCircuit = ({ detail, permanent }: Failure, sinceAsked: number): Reason => ({
  _tag: "Unavailable",
  detail: `${prefix}: nothing was sent, because the origin does not answer; last failure: ${detail}`,
  ...(permanent && { permanent }),
  after: Duration.millis(Math.max(0, askingPause - sinceAsked) + answerTime),
})

/** Whether a reason is of this kind. No vendor's text is the detail of an outage. */
export const isOpenCircuit = (reason: Reason): boolean =>
  reason._tag === "Unavailable" && reason.detail.startsWith(prefix)
