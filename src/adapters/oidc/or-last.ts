/** What was fetched before, for a bad day. */
import * as Effect from "effect/Effect"
import { isRetryable, type Reason } from "../../ports/errors.ts"

/** What brings something, and the last that it brought. */
export interface OrLast<A> {
  /** Fetches it; where the vendor cannot answer, it is the last one, if that still serves. */
  readonly fetch: Effect.Effect<A, Reason>
  readonly last: () => A | undefined
  readonly forget: () => void
}

/** Makes a fetch that falls back on what it brought last, for as long as that `serves`. */
export const orLast = <A>(fetch: Effect.Effect<A, Reason>, serves: (last: A) => boolean): OrLast<A> => {
  let last: A | undefined
  return {
    fetch: Effect.catch(
      Effect.map(fetch, (fresh) => {
        last = fresh
        return fresh
      }),
      (reason) =>
        isRetryable(reason) && last !== undefined && serves(last) ? Effect.succeed(last) : Effect.fail(reason),
    ),
    last: () => last,
    forget: () => {
      last = undefined
    },
  }
}
