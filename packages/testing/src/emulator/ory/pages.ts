import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { goQuery, withQuery } from "../go.ts"
import type { Exchange } from "../http-server.ts"
import { adminError, Disconnect, ErrorResponse } from "./errors.ts"
import type { Ory } from "./state.ts"

interface Page<Item> {
  readonly items: ReadonlyArray<Item>
  readonly headers: Readonly<Record<string, string>>
}

/** How v2.3.0 writes the headers of a list. */
export interface V2Listing {
  /** The value of `X-Total-Count`; not always the number of matching items. */
  readonly total: number
  /** Whether the links swap page and size, as in the list of consent sessions. */
  readonly swapped?: boolean
}

const encodeOffset = (offset: number) => Buffer.from(`{"offset":"${offset}","v":2}`).toString("base64url")

const decodeOffset = (token: string | null): number => {
  if (token === null || token === "" || !/^[A-Za-z0-9_-]+$/.test(token)) return 0
  const match = /"offset":\s*"?(-?\d+)/.exec(Buffer.from(token, "base64url").toString("utf8"))
  return match === null ? 0 : Number(match[1])
}

const requestUrl = ({ path, rawQuery }: Exchange) => (rawQuery === "" ? path : `${path}?${rawQuery}`)

const v2Links = (url: string, total: number, page: number, requestedSize: number): string => {
  const size = requestedSize <= 0 ? 1 : requestedSize
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

const v2Page = <Item>(exchange: Exchange, all: ReadonlyArray<Item>, { total, swapped }: V2Listing): Page<Item> => {
  const requestedSize = exchange.query.get("page_size") ?? ""
  const size = Math.max(1, Math.min(1000, /^[+-]?\d+$/.test(requestedSize) ? Number(requestedSize) : 250))
  const offset = decodeOffset(exchange.query.get("page_token"))
  const page = offset > 0 ? Math.floor(offset / size) : 0
  const link = swapped
    ? v2Links(requestUrl(exchange), total, size, size * page)
    : v2Links(requestUrl(exchange), total, page, size)
  return {
    items: all.slice(page * size, page * size + size),
    headers: { "x-total-count": String(total), link },
  }
}

/** In milliseconds. */
const tokenLifetime = 3600_000

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

/** In bytes: the nonce of a page token, below which v26.2.0 ends the connection without a response. */
const nonceLength = 24

const unseal = (ory: Ory, token: string): Cursor => {
  const isShort = token.length % 4 === 0 && /^[\w-]+$/.test(token) && (token.length / 4) * 3 < nonceLength
  if (isShort && ory.version === "v26.2.0") throw new Disconnect()
  try {
    const bytes = Buffer.from(token, "base64url")
    const decipher = createDecipheriv("aes-256-gcm", ory.secret, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(-16))
    const decrypted = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return JSON.parse(decrypted.toString("utf8"))
  } catch {
    throw adminError.malformed("The pagination token is invalid.")
  }
}

const v26Page = <Item>(
  ory: Ory,
  exchange: Exchange,
  all: ReadonlyArray<Item>,
  idOf: (item: Item) => string,
): Page<Item> => {
  const requestedSize = exchange.query.get("page_size") ?? ""
  if (requestedSize !== "" && !/^[+-]?\d+$/.test(requestedSize)) {
    throw adminError.malformed(`strconv.Atoi: parsing "${requestedSize}": invalid syntax`)
  }
  const size = Number(requestedSize) > 0 ? Math.min(500, Number(requestedSize)) : 100
  const token = exchange.query.get("page_token") ?? ""
  const cursor = token === "" ? undefined : unseal(ory, token)
  if (cursor !== undefined && cursor.expires < ory.now()) {
    throw new ErrorResponse(400, "page token expired, do not persist page tokens", "")
  }
  const sorted = [...all].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const remaining = cursor === undefined ? sorted : sorted.filter((item) => idOf(item) > cursor.after)
  const items = remaining.slice(0, size)
  const link = (rel: string, after: string) => {
    const query = new URLSearchParams(exchange.query)
    query.set("page_size", String(size))
    query.set("page_token", seal(ory, { after, expires: ory.now() + tokenLifetime }))
    return `<${exchange.path}?${goQuery(query)}>; rel="${rel}"`
  }
  const lastItem = items.at(-1)
  const hasMore = remaining.length > size && lastItem !== undefined
  return { items, headers: { link: [link("first", ""), ...(hasMore ? [link("next", idOf(lastItem))] : [])].join(",") } }
}

/** Returns the requested page of a list, with the links of the emulated release. */
export const paginate = <Item>(
  ory: Ory,
  exchange: Exchange,
  all: ReadonlyArray<Item>,
  idOf: (item: Item) => string,
  v2: V2Listing,
): Page<Item> => (ory.isV26 ? v26Page(ory, exchange, all, idOf) : v2Page(exchange, all, v2))
