/** Something that is fetched, kept while it is good, and renewed beside the calls that it serves. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { isRetryable, type Reason } from "../ports/errors.ts"

export interface Kept<A> {
  /** What is there, while it serves; what a fetch brings, otherwise. */
  readonly get: Effect.Effect<A, Reason>
  readonly last: () => A | undefined
  readonly drop: () => void
}

/** How good something still is; and how long a fetch that brought nothing is not repeated while the last one serves. */
export interface Keeping<A> {
  /** Nothing need be done. */
  readonly isFresh: (kept: A) => boolean
  /** It may be used, and another is to be fetched: for the next calls, and for a vendor's bad day. */
  readonly serves: (kept: A) => boolean
  /** In milliseconds. */
  readonly pause: number
}

/** Keeps what `fetch` brings. One fetch is under way at a time, whoever asks, and whoever of them gives up. */
export const keep = <A>(fetch: Effect.Effect<A, Reason>, { isFresh, serves, pause }: Keeping<A>): Kept<A> => {
  let last: A | undefined
  let underWay: Deferred.Deferred<A, Reason> | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY

  const begin = Effect.suspend(() => {
    if (underWay !== undefined) return Effect.succeed(underWay)
    const mine = Deferred.makeUnsafe<A, Reason>()
    underWay = mine
    attemptedAt = Date.now()
    const settled = Effect.flatMap(Effect.exit(fetch), (exit) =>
      Effect.suspend(() => {
        underWay = undefined
        if (Exit.isSuccess(exit)) last = exit.value
        // Where the vendor answered, what it said before is no good any more.
        else if (!exit.cause.reasons.some((each) => each._tag === "Fail" && isRetryable(each.error))) last = undefined
        return Deferred.done(mine, exit)
      }),
    )
    return Effect.as(Effect.forkDetach(settled, { startImmediately: true }), mine)
  })
  // Begun as a whole: interrupted in between, it would be under way for ever.
  const begun = Effect.uninterruptible(begin)

  const rested = (): boolean => Date.now() < attemptedAt || Date.now() - attemptedAt >= pause

  return {
    get: Effect.suspend(() => {
      if (last === undefined || !(isFresh(last) || serves(last))) return Effect.flatMap(begun, Deferred.await)
      return isFresh(last) || !rested() ? Effect.succeed(last) : Effect.as(begun, last)
    }),
    last: () => last,
    drop: () => {
      last = undefined
    },
  }
}
