import type { Exchange, Reply } from "../http-server.ts"
import { type Caller, userOfCaller } from "./caller.ts"
import type { ClientRecord } from "./client-record.ts"
import { invalidInput, unauthorized } from "./errors.ts"
import { json } from "./replies.ts"
import type { Polar } from "./state.ts"

const maxLimit = 100

const wholeNumber = ({ query }: Exchange, name: string, fallback: number): number => {
  const value = query.get(name)
  if (value === null) return fallback
  const loc = ["query", name]
  if (!/^-?\d+$/.test(value)) {
    const msg = "Input should be a valid integer, unable to parse string as an integer"
    throw invalidInput([{ type: "int_parsing", loc, msg, input: value }])
  }
  if (Number(value) >= 1) return Number(value)
  const msg = "Input should be greater than 0"
  throw invalidInput([{ type: "greater_than", loc, msg, input: value, ctx: { gt: 0 } }])
}

const iso = (ms: number) => new Date(ms).toISOString()

/**
 * Renders a client for the list.
 *
 * It contains nulls and the secrets of public clients, but no registration access token.
 */
const listView = ({ metadata, ...client }: ClientRecord) => ({
  client_uri: null,
  logo_uri: null,
  tos_uri: null,
  policy_uri: null,
  ...metadata,
  default_sub_type: client.defaultSubType,
  created_at: iso(client.createdAt),
  modified_at: client.modifiedAt === undefined ? null : iso(client.modifiedAt),
  client_id: client.id,
  client_secret: client.secret,
  client_id_issued_at: Math.floor(client.createdAt / 1000),
  client_secret_expires_at: 0,
})

/** GET /v1/oauth2/: the clients of the logged-in user, newest first. */
export const listClients = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const user = userOfCaller(caller)
  if (user === undefined) throw unauthorized()
  const page = wholeNumber(exchange, "page", 1)
  const limit = Math.min(wholeNumber(exchange, "limit", 10), maxLimit)
  const own = [...polar.clients.values()].filter((client) => client.owner === user.id && !client.deleted).reverse()
  return json(200, {
    items: own.slice((page - 1) * limit, page * limit).map(listView),
    pagination: { total_count: own.length, max_page: Math.ceil(own.length / limit) },
  })
}
