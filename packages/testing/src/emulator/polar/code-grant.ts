import { createHash } from "node:crypto"
import type { AuthMethod } from "./client-record.ts"
import { asciiOnly, oauthError } from "./errors.ts"
import { clientOfGrant, required, tokenResponse } from "./grant-request.ts"
import { idTokenOf } from "./id-token.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { issuePair } from "./pairs.ts"
import { allowedScope, scopesOf } from "./scopes.ts"
import type { CodeRecord, Polar } from "./state.ts"

/** The syntax of a code challenge and a code verifier (RFC 7636). */
export const pkceSyntax = /^[A-Za-z0-9\-._~]{43,128}$/

const challengeOf = (verifier: string, method: string): string =>
  method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier

const checkVerifier = (code: CodeRecord, verifier: string | undefined, method: AuthMethod): void => {
  if (!verifier) {
    if (method === "none" || code.challenge !== undefined)
      throw oauthError("invalid_request", "Missing 'code_verifier'")
    return
  }
  if (!pkceSyntax.test(verifier)) throw oauthError("invalid_request", "Invalid 'code_verifier'")
  if (code.challenge === undefined) {
    throw oauthError(
      "invalid_request",
      "The authorization request had no 'code_challenge', but a 'code_verifier' was provided.",
    )
  }
  if (challengeOf(verifier, code.challenge.method) !== code.challenge.value) {
    throw oauthError("invalid_grant", "Code challenge failed.")
  }
}

/** The authorization code grant. */
export const redeemCode = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client, method } = clientOfGrant(polar, form, "authorization_code")
  const code = polar.codes.get(asciiOnly(required(form, "code")))
  if (code === undefined || code.clientId !== client.id || Math.min(code.expiresAt, code.redeemedAt) <= polar.now()) {
    throw oauthError("invalid_grant", "Invalid 'code' in request.")
  }
  if (code.redirectUri !== undefined && form.either("redirect_uri") !== code.redirectUri) {
    throw oauthError("invalid_grant", "Invalid 'redirect_uri' in request.")
  }
  checkVerifier(code, form.field("code_verifier"), method)
  code.redeemedAt = Math.min(code.redeemedAt, polar.now() + polar.readings.commitLagMs)
  const pair = issuePair(polar, {
    clientId: client.id,
    subjectType: "user",
    subject: code.userId,
    scope: allowedScope(code.scope, client.metadata.scope),
    organizations: code.organizations,
    expiresIn: polar.lifespans.accessToken,
    refreshable: client.metadata.grant_types.includes("refresh_token"),
  })
  const includesIdToken = scopesOf(pair.scope).includes("openid")
  return tokenResponse(pair, includesIdToken ? idTokenOf(polar, pair, code) : undefined)
}
