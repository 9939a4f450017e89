import type { Exchange, Reply } from "../http-server.ts"
import { ErrorResponse } from "../ory/errors.ts"
import { profileOf } from "./claims.ts"
import { oauthErrorReply, page, profileReply } from "./replies.ts"
import type { Kinde } from "./state.ts"
import { findToken, isExpired } from "./tokens.ts"

const errorReply = (kinde: Kinde): Reply => {
  const { status, body } = kinde.quirks.userProfileError
  if (!body) return { status }
  return oauthErrorReply(new ErrorResponse(status, "invalid_token", "The access token is invalid or expired"))
}

/** Returns the user and the scopes of a bearer token; `undefined` if it is invalid or belongs to a machine. */
const userOf = ({ headers }: Exchange, kinde: Kinde) => {
  const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]
  const record = findToken(kinde, bearer ?? "")
  if (record?.use !== "access_token" || isExpired(kinde, record)) return undefined
  if (record.revoked && kinde.quirks.rejectsRevokedTokens) return undefined
  const user = kinde.users.get(record.grant.userId ?? "")
  return user === undefined ? undefined : { user, scopes: record.grant.scopes }
}

/** GET /oauth2/v2/user_profile. */
export const userProfile = (exchange: Exchange, kinde: Kinde): Reply => {
  const authorized = userOf(exchange, kinde)
  return authorized === undefined ? errorReply(kinde) : profileReply(profileOf(authorized.user, authorized.scopes))
}

/** GET /oauth2/user_profile: version 1, whose members have different names. */
export const legacyUserProfile = (exchange: Exchange, kinde: Kinde): Reply => {
  if (!kinde.quirks.legacyUserProfile) return page(404, "404 Not Found")
  const authorized = userOf(exchange, kinde)
  if (authorized === undefined) return errorReply(kinde)
  const { user } = authorized
  return profileReply({
    id: user.id,
    preferred_email: user.email ?? "",
    username: user.username ?? "",
    provided_id: user.providedId,
    first_name: user.givenName,
    last_name: user.familyName,
    picture: user.picture ?? "",
  })
}
