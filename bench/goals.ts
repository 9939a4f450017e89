/** What a peer promises of one measure. */
export interface Goal {
  readonly peer: string
  readonly measure: string
  readonly bound: "at least" | "at most" | "exactly"
  readonly limit: number
  /** Who counts as 1.00, in the same round; the reference of the case unless another peer is named. */
  readonly against?: string
  /** The measured number itself is promised, and no ratio. */
  readonly absolute?: true
}

/** Tells whether a number keeps the goal. */
export const isMet = ({ bound, limit }: Goal, measured: number): boolean => {
  if (bound === "exactly") return measured === limit
  return bound === "at least" ? measured >= limit : measured <= limit
}
