import { createHash } from "node:crypto"
import type { ClientRecord } from "./client-record.ts"
import { oauthError, oauthErrorWithoutHint } from "./errors.ts"
import type { CodeRecord } from "./grant-records.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Ory } from "./state.ts"
import { dropGrant, isExpired } from "./tokens.ts"

const invalid = (hint: string) => oauthError("invalid_grant", hint)

const checkVerifier = (record: CodeRecord, verifier: string) => {
  const { challenge } = record
  if (challenge === undefined) {
    if (verifier === "") return
    throw invalid("Unable to find initial PKCE data tied to this request")
  }
  // The first attempt deletes the challenge, whatever its result. The rule above applies to further attempts.
  record.challenge = undefined
  if (challenge === "" && verifier === "") return
  if (verifier.length < 43) throw invalid("The PKCE code verifier must be at least 43 characters.")
  if (verifier.length > 128) throw invalid("The PKCE code verifier can not be longer than 128 characters.")
  if (!/^[\w.~-]+$/.test(verifier)) {
    throw invalid("The PKCE code verifier must only contain [a-Z], [0-9], '-', '.', '_', '~'.")
  }
  if (challenge === "") {
    throw invalid(
      "The PKCE code verifier was provided but the code challenge was absent from the authorization request.",
    )
  }
  if (createHash("sha256").update(verifier).digest("base64url") === challenge) return
  throw invalid("The PKCE code challenge did not match the code verifier.")
}

/** The authorization code grant. A code works once, and its reuse ends all tokens of the grant. */
export const exchangeCode = (ory: Ory, client: ClientRecord, form: URLSearchParams): Record<string, unknown> => {
  const record = ory.codes.get(form.get("code") ?? "")
  if (record === undefined) throw oauthErrorWithoutHint("invalid_grant")
  if (record.used) {
    dropGrant(ory, record.grant)
    throw invalid("The authorization code has already been used.")
  }
  if (isExpired(ory, record)) throw oauthErrorWithoutHint("invalid_grant")
  if (record.grant.clientId !== client.id) {
    throw invalid("The OAuth 2.0 Client ID from this request does not match the one from the authorize request.")
  }
  if (record.redirectUri !== "" && record.redirectUri !== (form.get("redirect_uri") ?? "")) {
    throw invalid("The 'redirect_uri' from this request does not match the one from the authorize request.")
  }
  checkVerifier(record, form.get("code_verifier") ?? "")
  record.used = true
  return issueTokens(ory, client, record.grant, "authorization_code")
}
