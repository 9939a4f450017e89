import { createHash } from "node:crypto"
import type { Application } from "./application.ts"
import type { CodeRecord } from "./code-record.ts"
import { grantError } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Kinde } from "./state.ts"
import { endGrant, isExpired } from "./tokens.ts"

const isVerified = (record: CodeRecord, verifier: string) =>
  record.challenge === undefined
    ? verifier === ""
    : createHash("sha256").update(verifier).digest("base64url") === record.challenge

/** The authorization code grant. The second use of a code revokes the tokens of the first (RFC 6749, 4.1.2). */
export const exchangeCode = (
  kinde: Kinde,
  application: Application,
  form: URLSearchParams,
): Record<string, unknown> => {
  const invalid = (hint?: string) => grantError(kinde, "invalid_grant", hint)
  const record = kinde.codes.get(form.get("code") ?? "")
  if (record === undefined) throw invalid()
  if (record.used) {
    endGrant(record.grant)
    throw invalid("The authorization code has already been used.")
  }
  if (isExpired(kinde, record)) throw invalid()
  if (record.grant.applicationId !== application.id) {
    throw invalid("The OAuth 2.0 Client ID from this request does not match the one from the authorize request.")
  }
  if (record.redirectUri !== form.get("redirect_uri")) {
    throw invalid("The 'redirect_uri' from this request does not match the one from the authorize request.")
  }
  if (!isVerified(record, form.get("code_verifier") ?? "")) {
    throw invalid("The PKCE code challenge did not match the code verifier.")
  }
  record.used = true
  return issueTokens(kinde, application, record.grant, "code")
}
