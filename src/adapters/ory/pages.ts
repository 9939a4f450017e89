/** Pages by `Link` header: every release writes `next`, and some write `first`, `prev` and `last` beside it. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Page, PageQuery } from "../../ports/call.ts"
import type { Reason } from "../../ports/errors.ts"
import type { TransportResponse } from "../../ports/transport.ts"
import { decode } from "../oidc/http/json-response.ts"
import type { Admin, AdminCall } from "./admin.ts"

/** The server's largest page is 500 records of a few kilobytes. */
const maxBytes = 4 << 20

/** How many records a page has when the caller does not say; every release allows as many. */
const defaultSize = 100

/** Fetches one page of a list. */
export const page = <A>(
  admin: Admin,
  call: Pick<AdminCall, "operation" | "path" | "query">,
  { cursor, pageSize = defaultSize }: PageQuery,
  item: z.ZodType<A>,
  nextOf: Next = linked,
): Effect.Effect<Page<A>, Reason> =>
  Effect.gen(function* () {
    const query = { ...call.query, page_size: pageSize, page_token: cursor }
    const answer = yield* admin.send({ ...call, query, method: "GET", ok: [200], maxBytes })
    const items = yield* decode(answer, z.array(item))
    // An older release names a next page for ever, after the last one too: an empty page is the end.
    const next = items.length === 0 ? undefined : nextOf(answer, { cursor, pageSize, count: items.length })
    // Going on would ask for the same page for ever, or end the list without a word.
    if (next === "" || (next !== undefined && next === cursor))
      return yield* Effect.fail<Reason>({
        _tag: "UnexpectedResponse",
        path: "link",
        detail: "the next page is named by no token of its own",
      })
    return { items, ...(next !== undefined && { next }) }
  })

/** How the next page is found. */
type Next = (
  answer: TransportResponse,
  page: { readonly cursor: string | undefined; readonly pageSize: number; readonly count: number },
) => string | undefined

const linked: Next = ({ headers }) => nextToken(headers.link ?? "")

/**
 * Where the links cannot be followed: a release that counts (`X-Total-Count`) swaps size and offset in the links of
 * this list, which loses records. Its tokens are offsets, so the next one can be written; the count itself ignores
 * filters. Newer releases send no count, and links that are right.
 */
export const counted: Next = (answer, { cursor, pageSize, count }) => {
  if (answer.headers["x-total-count"] === undefined) return linked(answer, { cursor, pageSize, count })
  const offset = String(offsetOf(cursor) + pageSize)
  return count < pageSize ? undefined : btoa(JSON.stringify({ offset, v: 2 })).replace(/=+$/, "")
}

const offsetOf = (cursor: string | undefined): number => {
  try {
    return Number(JSON.parse(atob(cursor ?? "")).offset) || 0
  } catch {
    return 0
  }
}

/** The `page_token` of the link named `next` (RFC 8288); commas stand inside `<>` too. */
export const nextToken = (link: string): string | undefined => {
  for (const [, target, parameters] of link.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*("[^"]*(?<=["\s])next(?=["\s])|next(?![\w.-]))/i.test(parameters ?? "")) continue
    return URL.parse(target ?? "", "http://relative.invalid")?.searchParams.get("page_token") ?? ""
  }
  return undefined
}
