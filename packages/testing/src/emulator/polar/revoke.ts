import type { Exchange, Reply } from "../http-server.ts"
import { endPair } from "./pairs.ts"
import { oauthRefusal } from "./refusal.ts"
import { oauthJson } from "./replies.ts"
import type { Polar } from "./state.ts"
import { lookUpToken } from "./token-lookup.ts"

/** POST /v1/oauth2/revoke: either half ends both; a hint that names the other kind finds, and ends, nothing. */
export const revokeToken = (exchange: Exchange, polar: Polar): Reply => {
  const { client, pair } = lookUpToken(exchange, polar)
  if (pair !== undefined && pair.clientId !== client.id) throw oauthRefusal("invalid_grant")
  if (pair !== undefined) endPair(polar, pair)
  return oauthJson({})
}
