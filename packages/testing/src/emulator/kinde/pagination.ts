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

/** Returns one page of a list, and its `next_token`, which contains the last entry of the page. */
export const pageOf = <Item extends { readonly id: string }>(
  kinde: Kinde,
  query: URLSearchParams,
  all: ReadonlyArray<Item>,
  sort: string,
): { readonly items: ReadonlyArray<Item>; readonly next: { readonly next_token?: string | null } } => {
  const size = sizeOf(query.get("page_size"))
  const token = query.get("next_token") ?? ""
  const previous = token === "" ? undefined : decode(token)
  const start = previous === undefined ? 0 : all.findIndex((item) => item.id === previous.last) + 1
  // If the last entry has been removed, the page number decides.
  const offset = previous !== undefined && start === 0 ? previous.page * size : start
  const items = all.slice(offset, offset + size)
  const page = (previous?.page ?? 0) + 1
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
      return { items, next: { next_token: token === "" ? encode(0, "", sort) : token } }
  }
}
