/** Lists as streams: a stream of items over pages, each page asked for when it is wanted. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Page, PageQuery } from "../ports/call.ts"
import type { AuthError } from "../ports/errors.ts"
import { lists } from "../ports/operations.ts"
import type { Groups, Identity } from "../ports/provider.ts"
import { methodOf, placed } from "./over-operations.ts"
import { at } from "./page-query.ts"

type StreamedMethod<F> = F extends (...args: infer Args) => Effect.Effect<Page<infer A>, infer E>
  ? (...args: Args) => Stream.Stream<A, E>
  : F

/** A provider whose lists are streams; all else is as it was. */
export type Streamed<P> = {
  readonly [K in keyof P]: K extends keyof Groups ? { readonly [M in keyof P[K]]: StreamedMethod<P[K][M]> } : P[K]
}

/** Turns lists into streams. It stands outside the policies: what is repeated or timed is a page. */
export const withStreams = <P extends Identity>(provider: P): Streamed<P> => {
  let streamed: Identity = provider
  for (const list of lists) {
    const page = methodOf(provider, list) as
      | ((query: PageQuery | null, options?: unknown) => Effect.Effect<Page<unknown>, AuthError>)
      | undefined
    if (page === undefined) continue
    const stream = (query: PageQuery | null = {}, options?: unknown) =>
      Stream.paginate(query?.cursor, (cursor) =>
        Effect.map(page(at(query, cursor), options), ({ items, next }) => [
          items,
          Option.map(Option.fromNullishOr(next), (token): string | undefined => token),
        ]),
      )
    streamed = { ...streamed, ...placed(streamed, list, stream) }
  }
  return streamed as Streamed<P>
}
