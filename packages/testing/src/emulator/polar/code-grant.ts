import { createHash } from "node:crypto"
import type { AuthMethod } from "./client-record.ts"
import { clientOfGrant, required, tokenAnswer } from "./grant-request.ts"
import { idTokenOf } from "./id-token.ts"
import type { OAuthForm } from "./oauth-form.ts"
import { issuePair } from "./pairs.ts"
import { oauthRefusal } from "./refusal.ts"
import { allowedScope, scopesOf } from "./scopes.ts"
import type { CodeRecord, Polar } from "./state.ts"

/** What a challenge and its verifier look like. */
export const pkceText = /^[A-Za-z0-9\-._~]{43,128}$/

const transformed = (verifier: string, method: string): string =>
  method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier

const checkVerifier = (code: CodeRecord, verifier: string | undefined, method: AuthMethod): void => {
  if (!verifier) {
    if (method === "none" || code.challenge !== undefined)
      throw oauthRefusal("invalid_request", "Missing 'code_verifier'")
    return
  }
  if (!pkceText.test(verifier)) throw oauthRefusal("invalid_request", "Invalid 'code_verifier'")
  if (code.challenge === undefined) {
    throw oauthRefusal(
      "invalid_request",
      "The authorization request had no 'code_challenge', but a 'code_verifier' was provided.",
    )
  }
  if (transformed(verifier, code.challenge.method) !== code.challenge.value) {
    throw oauthRefusal("invalid_grant", "Code challenge failed.")
  }
}

/** The authorization code grant. */
export const redeemCode = (polar: Polar, form: OAuthForm): Readonly<Record<string, unknown>> => {
  const { client, method } = clientOfGrant(polar, form, "authorization_code")
  const code = polar.codes.get(required(form, "code"))
  if (code === undefined || code.clientId !== client.id || Math.min(code.expiresAt, code.redeemedAt) <= polar.now()) {
    throw oauthRefusal("invalid_grant", "Invalid 'code' in request.")
  }
  if (code.redirectUri !== undefined && form.either("redirect_uri") !== code.redirectUri) {
    throw oauthRefusal("invalid_grant", "Invalid 'redirect_uri' in request.")
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
  const wantsIdToken = scopesOf(pair.scope).includes("openid")
  return tokenAnswer(pair, wantsIdToken ? idTokenOf(polar, pair, code) : undefined)
}
