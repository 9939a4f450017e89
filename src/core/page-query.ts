/** The query for the next page of a list. In its own file, so that the Promise API does not load streams. */
import type { PageQuery } from "../ports/call.ts"

/** Returns the query with a cursor. An invalid query is returned unchanged, for the operation to reject. */
export const withCursor = (query: PageQuery | null, cursor: string | undefined): PageQuery | null =>
  cursor === undefined ? query : { ...query, cursor }
