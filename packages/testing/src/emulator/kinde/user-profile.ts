import type { Exchange, Reply } from "../http-server.ts"
import { Refusal } from "../ory/errors.ts"
import { profileOf } from "./claims.ts"
import { jsonReply, oauthRefusal, page } from "./replies.ts"
import type { Kinde } from "./state.ts"
import { findToken, isExpired } from "./tokens.ts"

const refusal = (kinde: Kinde): Reply => {
  const { status, body } = kinde.quirks.userProfileRefusal
  if (!body) return { status }
  return oauthRefusal(new Refusal(status, "invalid_token", "The access token is invalid or expired"))
}

/** The user of a bearer token and what it was granted; machines have none. */
const userOf = ({ headers }: Exchange, kinde: Kinde) => {
  const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]
  const record = findToken(kinde, bearer ?? "")
  if (record?.use !== "access_token" || isExpired(kinde, record)) return undefined
  if (record.revoked && kinde.quirks.refusesRevoked) return undefined
  const user = kinde.users.get(record.grant.userId ?? "")
  return user === undefined ? undefined : { user, scopes: record.grant.scopes }
}

/** GET /oauth2/v2/user_profile. */
export const userProfile = (exchange: Exchange, kinde: Kinde): Reply => {
  const found = userOf(exchange, kinde)
  return found === undefined ? refusal(kinde) : jsonReply(200, profileOf(found.user, found.scopes))
}

/** GET /oauth2/user_profile: the older form, with names of its own. */
export const legacyUserProfile = (exchange: Exchange, kinde: Kinde): Reply => {
  if (!kinde.quirks.legacyUserProfile) return page(404, "404 Not Found")
  const found = userOf(exchange, kinde)
  if (found === undefined) return refusal(kinde)
  const { user } = found
  return jsonReply(200, {
    id: user.id,
    preferred_email: user.email ?? "",
    username: user.username ?? "",
    provided_id: user.providedId,
    first_name: user.givenName,
    last_name: user.familyName,
    picture: user.picture ?? "",
  })
}
