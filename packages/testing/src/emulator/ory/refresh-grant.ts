import type { ClientRecord } from "./client-record.ts"
import { oauthError } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import { checkAudience, checkScopes } from "./matching.ts"
import type { Ory } from "./state.ts"
import { dropAccessTokens, dropGrant, isExpired } from "./tokens.ts"

/**
 * The refresh token grant.
 *
 * It always issues a new refresh token, and ignores `scope`. The reuse of an old refresh token ends the grant.
 */
export const refreshTokens = (ory: Ory, client: ClientRecord, form: URLSearchParams): Record<string, unknown> => {
  const record = ory.tokens.get(form.get("refresh_token") ?? "")
  if (record === undefined || record.use !== "refresh_token") {
    throw oauthError("invalid_grant", "The refresh token is malformed or not valid.")
  }
  const { grant } = record
  if (record.used) {
    dropGrant(ory, grant)
    throw oauthError("invalid_grant", "The refresh token was already used.")
  }
  if (isExpired(ory, record)) throw oauthError("invalid_grant", "The refresh token expired.")
  if (!grant.scopes.some((scope) => scope === "offline" || scope === "offline_access")) {
    throw oauthError(
      "scope_not_granted",
      "The OAuth 2.0 Client was not granted scope offline and may thus not perform the 'refresh_token' authorization grant.",
    )
  }
  if (grant.clientId !== client.id) {
    throw oauthError(
      "invalid_grant",
      "The OAuth 2.0 Client ID from this request does not match the ID during the initial token issuance.",
    )
  }
  checkScopes(client, grant.scopes)
  checkAudience(client, grant.audience)
  record.used = true
  dropAccessTokens(ory, grant)
  return issueTokens(ory, client, grant, "refresh_token")
}
