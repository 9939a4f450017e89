/** Asking for one page after the other; apart from streams, which the Promise face need not load. */
import type { PageQuery } from "../ports/call.ts"

/** The query for the page at a cursor; what is no query stays as it is, to be refused. */
export const at = (query: PageQuery | null, cursor: string | undefined): PageQuery | null =>
  cursor === undefined ? query : { ...query, cursor }
