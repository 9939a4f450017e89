/** A limit for one measure of a peer. */
export interface Goal {
  readonly peer: string
  readonly measure: string
  readonly bound: "at least" | "at most" | "exactly"
  readonly limit: number
  /** The peer that counts as 1.00, in the same round; by default the reference of the case. */
  readonly against?: string
  /** The limit is for the measured number, not for the ratio. */
  readonly absolute?: true
  /** The goal is met if the interval of the median reaches the limit, instead of the median itself. */
  readonly interval?: true
}

/** Checks whether a number meets the goal. */
export const isMet = ({ bound, limit }: Goal, measured: number): boolean => {
  if (bound === "exactly") return measured === limit
  return bound === "at least" ? measured >= limit : measured <= limit
}
