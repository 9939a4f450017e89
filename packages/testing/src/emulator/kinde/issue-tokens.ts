import { createHash } from "node:crypto"
import type { Application } from "./application.ts"
import { accessClaims, idClaims } from "./claims.ts"
import { signClaims } from "./keys.ts"
import type { Kinde } from "./state.ts"
import type { Grant, TokenRecord } from "./token-record.ts"
import { isActive, keepToken, opaqueToken, seconds, tokenId } from "./tokens.ts"

const leftHalf = (token: string) => createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url")

const recordOf = (use: TokenRecord["use"], grant: Grant, issuedAt: number, expiresAt: number): TokenRecord => ({
  use,
  grant,
  issuedAt,
  expiresAt,
  revoked: false,
  rotatedAt: undefined,
})

const mintAccessToken = (kinde: Kinde, application: Application, grant: Grant) => {
  const iat = seconds(kinde)
  const exp = iat + (application.tokens.accessToken ?? kinde.lifespans.accessToken)
  const token = signClaims(kinde.keys.current(), accessClaims(kinde, application, grant, { iat, exp }))
  const record = recordOf("access_token", grant, iat, exp)
  keepToken(kinde, token, record)
  grant.latest = { token, record }
  return grant.latest
}

const mintRefreshToken = (kinde: Kinde, application: Application, grant: Grant): string => {
  const token = opaqueToken()
  const iat = seconds(kinde)
  const exp = iat + (application.tokens.refreshToken ?? kinde.lifespans.refreshToken)
  keepToken(kinde, token, recordOf("refresh_token", grant, iat, exp))
  return token
}

const mintIdToken = (kinde: Kinde, application: Application, grant: Grant, accessToken: string, first: boolean) => {
  const user = kinde.users.get(grant.userId ?? "")
  if (user === undefined) return undefined
  const iat = seconds(kinde)
  const exp = iat + (application.tokens.idToken ?? kinde.lifespans.idToken)
  const nonce = first ? grant.nonce : undefined
  return signClaims(
    kinde.keys.current(),
    idClaims(kinde, application, grant, user, { iat, exp, at_hash: leftHalf(accessToken), nonce }),
  )
}

/** Returns the current access token of a grant, if a refresh returns it again. */
const reusableAccessToken = (kinde: Kinde, grant: Grant) =>
  kinde.quirks.refreshKeepsAccessToken && grant.latest !== undefined && isActive(kinde, grant.latest.record)
    ? grant.latest
    : undefined

/** Issues the tokens of a grant. Returns the body of the token response. */
export const issueTokens = (
  kinde: Kinde,
  application: Application,
  grant: Grant,
  by: "code" | "refresh" | "machine" | "device",
): Record<string, unknown> => {
  const reused = by === "refresh" ? reusableAccessToken(kinde, grant) : undefined
  const { token, record } = reused ?? mintAccessToken(kinde, application, grant)
  // Generating the first key can take until the next second.
  const now = reused === undefined ? record.issuedAt : seconds(kinde)
  const hasAllTokens = grant.kind === "user" || (grant.kind === "device" && kinde.quirks.deviceIssuesAllTokens)
  const idToken =
    hasAllTokens && grant.scopes.includes("openid")
      ? mintIdToken(kinde, application, grant, token, by !== "refresh")
      : undefined
  // Only `offline` requests a refresh token: `offline_access` is accepted and has no effect.
  const refreshToken =
    hasAllTokens && grant.scopes.includes("offline") ? mintRefreshToken(kinde, application, grant) : undefined
  return {
    access_token: token,
    // Kinde reports one second less than the lifetime.
    expires_in: Math.max(0, record.expiresAt - now - 1),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: by === "device" ? "" : grant.scopes.join(" "),
    token_type: "bearer",
  }
}

/** A past defect of Kinde: a successful response whose access token has no subject, issuer, expiry or key id. */
export const emptyToken = (kinde: Kinde): Record<string, unknown> => ({
  access_token: signClaims(
    kinde.keys.current(),
    { aud: [], iat: seconds(kinde), jti: tokenId(), scp: [] },
    { alg: "RS256", typ: "JWT" },
  ),
  expires_in: 0,
  scope: "",
  token_type: "bearer",
})
