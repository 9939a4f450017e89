import type { Exchange, Reply } from "../http-server.ts"
import { oauthError } from "./errors.ts"
import { endPair } from "./pairs.ts"
import { oauthJson } from "./replies.ts"
import type { Polar } from "./state.ts"
import { lookUpToken } from "./token-lookup.ts"

/**
 * POST /v1/oauth2/revoke: either token ends its pair.
 *
 * With the `token_type_hint` of the other kind, the token is not found and nothing ends.
 */
export const revokeToken = (exchange: Exchange, polar: Polar): Reply => {
  const { client, pair } = lookUpToken(exchange, polar)
  if (pair !== undefined && pair.clientId !== client.id) throw oauthError("invalid_grant")
  if (pair !== undefined) endPair(polar, pair)
  return oauthJson({})
}
