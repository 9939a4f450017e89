/** When something ends, from the seconds it lives. */
import type { Reason } from "../../../ports/errors.ts"

/** The latest moment that a `Date` can hold, in milliseconds. */
const latest = 8.64e15

/** The end of a life that begins now; `undefined` for one that no `Date` can hold. */
export const expiry = (seconds: number, now: number): Date | undefined =>
  now + seconds * 1000 <= latest ? new Date(now + seconds * 1000) : undefined

export const endless: Reason = {
  _tag: "UnexpectedResponse",
  path: "expires_in",
  detail: "longer than any date can say",
}
