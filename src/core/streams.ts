/** Lists as streams of items. Each page is requested when the stream needs it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Page, PageQuery } from "../ports/call.ts"
import type { AuthError } from "../ports/errors.ts"
import type { Explainable } from "../ports/explanation.ts"
import type { Checkable } from "../ports/health.ts"
import { lists } from "../ports/operations.ts"
import type { Groups, Identity } from "../ports/provider.ts"
import { explainer } from "./explain.ts"
import { healthOf } from "./health.ts"
import { methodOf, placed } from "./over-operations.ts"
import { withCursor } from "./page-query.ts"

type StreamedMethod<F> = F extends (...args: infer Args) => Effect.Effect<Page<infer A>, infer E>
  ? (...args: Args) => Stream.Stream<A, E>
  : F

/** A provider whose lists are streams. */
export type Streamed<P> = {
  readonly [K in keyof P]: K extends keyof Groups ? { readonly [M in keyof P[K]]: StreamedMethod<P[K][M]> } : P[K]
} & Explainable &
  Checkable

/**
 * Turns lists into streams, and adds `explain` and `health`. It is outside the policies, so that a retry or a timeout
 * concerns one page.
 *
 * @param exact the provider without policies
 */
export const withStreams = <P extends Identity>(provider: P, exact: Identity = provider): Streamed<P> => {
  let streamed: Identity = provider
  for (const list of lists) {
    const fetchPage = methodOf(provider, list) as
      | ((query: PageQuery | null, options?: unknown) => Effect.Effect<Page<unknown>, AuthError>)
      | undefined
    if (fetchPage === undefined) continue
    const stream = (query: PageQuery | null = {}, options?: unknown) =>
      Stream.paginate(query?.cursor, (cursor) =>
        Effect.map(fetchPage(withCursor(query, cursor), options), ({ items, next }) => [
          items,
          Option.map(Option.fromNullishOr(next), (nextCursor): string | undefined => nextCursor),
        ]),
      )
    streamed = { ...streamed, ...placed(streamed, list, stream) }
  }
  const added: Explainable & Checkable = { explain: explainer(exact), health: healthOf(exact) }
  return { ...streamed, ...added } as Identity & typeof added as Streamed<P>
}
