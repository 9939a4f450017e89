import type { Exchange, Reply } from "../http-server.ts"
import { isExpired, isSubjectActive } from "./pairs.ts"
import { oauthJson } from "./replies.ts"
import type { Polar, TokenPair } from "./state.ts"
import { lookUpToken } from "./token-lookup.ts"

const isActive = (polar: Polar, pair: TokenPair): boolean =>
  !isExpired(polar, pair) && (polar.readings.blockedUserIntrospection === "active" || isSubjectActive(polar, pair))

/**
 * POST /v1/oauth2/introspect: only the client's own tokens are active.
 *
 * The response for a refresh token is the response for its access token, so the refresh token is inactive once the
 * access token has expired.
 */
export const introspect = (exchange: Exchange, polar: Polar): Reply => {
  const { client, pair } = lookUpToken(exchange, polar)
  if (pair === undefined || pair.clientId !== client.id || !isActive(polar, pair)) return oauthJson({ active: false })
  return oauthJson({
    active: true,
    client_id: client.id,
    token_type: "Bearer",
    scope: pair.scope,
    sub_type: pair.subjectType,
    sub: pair.subject,
    organizations: pair.organizations,
    aud: client.id,
    iss: polar.tokenIssuer,
    exp: pair.issuedAt + pair.expiresIn,
    iat: pair.issuedAt,
  })
}
