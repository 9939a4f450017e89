import { invalid } from "./errors.ts"
import type { Kinde } from "./state.ts"

const encode = (page: number, last: string, sort: string) => Buffer.from(`${page}:${last}:${sort}`).toString("base64")

const decode = (token: string) => {
  const [, page = "", last = "", sort = ""] =
    /^(\d+):([^:]*):(\w+)$/.exec(Buffer.from(token, "base64").toString("utf8")) ?? []
  if (page === "") throw invalid("INVALID_NEXT_TOKEN", "Invalid next token")
  return { page: Number(page), last, sort }
}

const sizeOf = (text: string | null): number => {
  if (text === null || text === "") return 10
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1) throw invalid("INVALID_PAGE_SIZE", "page_size must be a positive number")
  if (size > 500) throw invalid("PAGE_SIZE_LIMIT_EXCEEDED", "page_size must not exceed 500")
  return size
}

/** One page of a list and the `next_token` member that goes with it; the token remembers where the last page ended. */
export const pageOf = <Item extends { readonly id: string }>(
  kinde: Kinde,
  query: URLSearchParams,
  all: ReadonlyArray<Item>,
  sort: string,
): { readonly items: ReadonlyArray<Item>; readonly next: { readonly next_token?: string | null } } => {
  const size = sizeOf(query.get("page_size"))
  const given = query.get("next_token") ?? ""
  const from = given === "" ? undefined : decode(given)
  const start = from === undefined ? 0 : all.findIndex((item) => item.id === from.last) + 1
  // An entry that is gone since leaves the page number to go by.
  const offset = from !== undefined && start === 0 ? from.page * size : start
  const items = all.slice(offset, offset + size)
  const page = (from?.page ?? 0) + 1
  const last = items.at(-1)
  if (last !== undefined && offset + size < all.length)
    return { items, next: { next_token: encode(page, last.id, sort) } }
  switch (kinde.quirks.lastPage) {
    case "absent":
      return { items, next: {} }
    case "empty":
      return { items, next: { next_token: "" } }
    case "null":
      return { items, next: { next_token: null } }
    case "extra":
      return { items, next: last === undefined ? {} : { next_token: encode(page, last.id, sort) } }
    case "repeated":
      return { items, next: { next_token: given === "" ? encode(0, "", sort) : given } }
  }
}
