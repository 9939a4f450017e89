/** Pages of a list, by the `Link` header. Every release sends `next`; some also send `first`, `prev` and `last`. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Page, PageQuery } from "../../ports/call.ts"
import type { Reason } from "../../ports/errors.ts"
import type { TransportResponse } from "../../ports/transport.ts"
import { decode } from "../oidc/http/json-response.ts"
import type { Admin, AdminCall } from "./admin.ts"

/** In bytes. The server's largest page has 500 records of a few kilobytes. */
const maxBytes = 4 << 20

/** The number of records per page, unless the query has `pageSize`. Every release allows it. */
const defaultSize = 100

/** Fetches one page of a list. */
export const page = <A>(
  admin: Admin,
  call: Pick<AdminCall, "operation" | "path" | "query">,
  { cursor, pageSize = defaultSize }: PageQuery,
  item: z.ZodType<A>,
  nextOf: NextCursor = nextLink,
): Effect.Effect<Page<A>, Reason> =>
  Effect.gen(function* () {
    const query = { ...call.query, page_size: pageSize, page_token: cursor }
    const response = yield* admin.send({ ...call, query, method: "GET", ok: [200], maxBytes })
    const items = yield* decode(response, z.array(item))
    // Older releases send a link to a next page on every page, so an empty page is the last one.
    const next = items.length === 0 ? undefined : nextOf(response, { cursor, pageSize, count: items.length })
    // Following this link would request the same page forever; ignoring it would lose the rest of the list.
    if (next === "" || (next !== undefined && next === cursor))
      return yield* Effect.fail<Reason>({
        _tag: "UnexpectedResponse",
        path: "link",
        detail: "the link to the next page has no page_token, or the one of this page",
      })
    return { items, ...(next !== undefined && { next }) }
  })

/** Finds the cursor of the next page. */
type NextCursor = (
  response: TransportResponse,
  page: { readonly cursor: string | undefined; readonly pageSize: number; readonly count: number },
) => string | undefined

const nextLink: NextCursor = ({ headers }) => nextToken(headers.link ?? "")

/**
 * Finds the next cursor of a list whose links are wrong in some releases.
 *
 * A release that sends `X-Total-Count` swaps size and offset in the links of this list, which loses records. Its tokens
 * are offsets, so the next token is computed. The total ignores filters and is not used. Newer releases send no total,
 * and correct links.
 */
export const nextOffset: NextCursor = (response, { cursor, pageSize, count }) => {
  if (response.headers["x-total-count"] === undefined) return nextLink(response, { cursor, pageSize, count })
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

/** Returns the `page_token` of the link with `rel=next` (RFC 8288). A URL within `<>` may contain commas. */
export const nextToken = (link: string): string | undefined => {
  for (const [, target, parameters] of link.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*("[^"]*(?<=["\s])next(?=["\s])|next(?![\w.-]))/i.test(parameters ?? "")) continue
    return URL.parse(target ?? "", "http://relative.invalid")?.searchParams.get("page_token") ?? ""
  }
  return undefined
}
