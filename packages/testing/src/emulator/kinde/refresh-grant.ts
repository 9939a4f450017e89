import type { Application } from "./application.ts"
import { grantError } from "./errors.ts"
import { emptyToken, issueTokens } from "./issue-tokens.ts"
import type { Kinde } from "./state.ts"
import { endGrant, findToken, isExpired, isRotated } from "./tokens.ts"

/** The refresh grant. Every refresh rotates the refresh token. */
export const refreshTokens = (
  kinde: Kinde,
  application: Application,
  form: URLSearchParams,
): Record<string, unknown> => {
  const invalid = (hint?: string) => grantError(kinde, "invalid_grant", hint)
  const record = findToken(kinde, form.get("refresh_token") ?? "")
  if (record === undefined || record.use !== "refresh_token" || record.grant.applicationId !== application.id) {
    throw invalid()
  }
  if (isRotated(kinde, record)) {
    if (kinde.quirks.reuseEndsGrant) endGrant(record.grant)
    throw invalid("The refresh token was already used.")
  }
  if (record.revoked) throw invalid("Token is inactive because it is malformed, expired or otherwise invalid.")
  if (isExpired(kinde, record)) {
    if (kinde.quirks.emptyTokenOnExpiredRefresh) return emptyToken(kinde)
    throw invalid("Token expired.")
  }
  record.rotatedAt ??= kinde.now()
  return issueTokens(kinde, application, record.grant, "refresh")
}
