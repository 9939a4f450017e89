import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { goQuery, withQuery } from "../go.ts"
import type { Exchange } from "../http-server.ts"
import { adminRefusal, Refusal } from "./errors.ts"
import type { Ory } from "./state.ts"

interface Page<Item> {
  readonly items: ReadonlyArray<Item>
  readonly headers: Readonly<Record<string, string>>
}

/** What the list endpoints of the older releases count, and how they hand it to the header writer. */
export interface OldListing {
  /** What `X-Total-Count` says; not always the number of items that match. */
  readonly total: number
  /** The consent list swaps page and size when it writes its links. */
  readonly swapped?: boolean
}

const encodeOffset = (offset: number) => Buffer.from(`{"offset":"${offset}","v":2}`).toString("base64url")

const decodeOffset = (token: string | null): number => {
  if (token === null || token === "" || !/^[A-Za-z0-9_-]+$/.test(token)) return 0
  const found = /"offset":\s*"?(-?\d+)/.exec(Buffer.from(token, "base64url").toString("utf8"))
  return found === null ? 0 : Number(found[1])
}

const requestUrl = ({ path, rawQuery }: Exchange) => (rawQuery === "" ? path : `${path}?${rawQuery}`)

const oldLinks = (url: string, total: number, page: number, givenSize: number): string => {
  const size = givenSize <= 0 ? 1 : givenSize
  const link = (rel: string, offset: number, pageSize = size) =>
    `<${withQuery(url, { page_size: String(pageSize), page_token: encodeOffset(offset) })}>; rel="${rel}"`
  const offset = page * size
  const last = total % size === 0 ? total - size : Math.floor(total / size) * size
  const next = (page + 1) * size
  if (offset >= last) {
    if (total === 0) return [link("first", 0), link("next", next), link("prev", (page - 1) * size)].join(",")
    if (total <= size) return link("first", 0, total)
    return [link("first", 0), link("prev", last - size)].join(",")
  }
  if (offset < size) return [link("next", size), link("last", last)].join(",")
  return [link("first", 0), link("next", next), link("prev", (page - 1) * size), link("last", last)].join(",")
}

const oldPage = <Item>(exchange: Exchange, all: ReadonlyArray<Item>, { total, swapped }: OldListing): Page<Item> => {
  const asked = exchange.query.get("page_size") ?? ""
  const size = Math.max(1, Math.min(1000, /^[+-]?\d+$/.test(asked) ? Number(asked) : 250))
  const offset = decodeOffset(exchange.query.get("page_token"))
  const page = offset > 0 ? Math.floor(offset / size) : 0
  const link = swapped
    ? oldLinks(requestUrl(exchange), total, size, size * page)
    : oldLinks(requestUrl(exchange), total, page, size)
  return {
    items: all.slice(page * size, page * size + size),
    headers: { "x-total-count": String(total), link },
  }
}

const tokenLife = 3600_000

interface Cursor {
  readonly after: string
  readonly expires: number
}

const seal = (ory: Ory, cursor: Cursor) => {
  const iv = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", ory.secret, iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(cursor), "utf8"), cipher.final()])
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString("base64url")
}

const unseal = (ory: Ory, token: string): Cursor => {
  try {
    const bytes = Buffer.from(token, "base64url")
    const decipher = createDecipheriv("aes-256-gcm", ory.secret, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(-16))
    const open = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return JSON.parse(open.toString("utf8"))
  } catch {
    throw adminRefusal.malformed("The pagination token is invalid.")
  }
}

const newPage = <Item>(
  ory: Ory,
  exchange: Exchange,
  all: ReadonlyArray<Item>,
  idOf: (item: Item) => string,
): Page<Item> => {
  const asked = exchange.query.get("page_size") ?? ""
  if (asked !== "" && !/^[+-]?\d+$/.test(asked)) {
    throw adminRefusal.malformed(`strconv.Atoi: parsing "${asked}": invalid syntax`)
  }
  const size = Number(asked) > 0 ? Math.min(500, Number(asked)) : 100
  const token = exchange.query.get("page_token") ?? ""
  const cursor = token === "" ? undefined : unseal(ory, token)
  if (cursor !== undefined && cursor.expires < ory.now()) {
    throw new Refusal(400, "page token expired, do not persist page tokens", "")
  }
  const sorted = [...all].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const rest = cursor === undefined ? sorted : sorted.filter((item) => idOf(item) > cursor.after)
  const items = rest.slice(0, size)
  const link = (rel: string, after: string) => {
    const query = new URLSearchParams(exchange.query)
    query.set("page_size", String(size))
    query.set("page_token", seal(ory, { after, expires: ory.now() + tokenLife }))
    return `<${exchange.path}?${goQuery(query)}>; rel="${rel}"`
  }
  const lastItem = items.at(-1)
  const more = rest.length > size && lastItem !== undefined
  return { items, headers: { link: [link("first", ""), ...(more ? [link("next", idOf(lastItem))] : [])].join(",") } }
}

/** Cuts a listing into the page that was asked for, with the links of the emulated release. */
export const paginate = <Item>(
  ory: Ory,
  exchange: Exchange,
  all: ReadonlyArray<Item>,
  idOf: (item: Item) => string,
  old: OldListing,
): Page<Item> => (ory.newest ? newPage(ory, exchange, all, idOf) : oldPage(exchange, all, old))
