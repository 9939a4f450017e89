/** Pages by `Link` header: every release writes `next`, and some write `first`, `prev` and `last` beside it. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Page, PageQuery } from "../../ports/call.ts"
import type { Reason } from "../../ports/errors.ts"
import { decode } from "../oidc/answer.ts"
import type { Admin, AdminCall } from "./admin.ts"

/** The server's largest page is 500 records of a few kilobytes. */
const maxBytes = 4 << 20

/** Fetches one page of a list. */
export const page = <A>(
  admin: Admin,
  call: Pick<AdminCall, "operation" | "path" | "query">,
  { cursor, pageSize }: PageQuery,
  item: z.ZodType<A>,
): Effect.Effect<Page<A>, Reason> =>
  Effect.gen(function* () {
    const query = { ...call.query, page_size: pageSize, page_token: cursor }
    const answer = yield* admin.send({ ...call, query, method: "GET", ok: [200], maxBytes })
    const items = yield* decode(answer, z.array(item))
    // An older release names a next page for ever, after the last one too: an empty page is the end.
    const next = items.length === 0 ? undefined : nextToken(answer.headers.link ?? "")
    return { items, ...(next !== undefined && { next }) }
  })

/** The `page_token` of the link named `next` (RFC 8288); commas stand inside `<>` too. */
export const nextToken = (link: string): string | undefined => {
  for (const [, target, parameters] of link.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel="?next"?/i.test(parameters ?? "")) continue
    return URL.parse(target ?? "", "http://relative.invalid")?.searchParams.get("page_token") ?? undefined
  }
  return undefined
}
