/** The report of `health` about a document that is kept in memory. */
import type { Reason } from "../ports/errors.ts"
import type { DocumentHealth } from "../ports/health.ts"

/** A kept document. Times are milliseconds since 1970. */
export interface DocumentState {
  readonly fetchedAt: number | undefined
  readonly isUsable: boolean
  /** Why the last fetch failed. */
  readonly reason: Reason | undefined
}

/** Reports a document at the time `now`. The detail of a reason holds no secret. */
export const documentHealth = ({ fetchedAt, isUsable, reason }: DocumentState, now: number): DocumentHealth => ({
  usable: isUsable,
  ...(fetchedAt !== undefined && {
    fetchedAt: new Date(fetchedAt),
    age: Math.max(0, Math.floor((now - fetchedAt) / 1000)),
  }),
  ...(reason !== undefined && {
    detail: "detail" in reason && reason.detail !== undefined ? reason.detail : reason._tag,
  }),
})
