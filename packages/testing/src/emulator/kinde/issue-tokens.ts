import { createHash } from "node:crypto"
import type { Application } from "./application.ts"
import { accessClaims, idClaims } from "./claims.ts"
import { signClaims } from "./keys.ts"
import type { Kinde } from "./state.ts"
import { type Grant, isActive, keepToken, opaqueToken, seconds, type TokenRecord, tokenId } from "./tokens.ts"

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

/** Whether the refresh hands back the access token that is still good. */
const sameAgain = (kinde: Kinde, grant: Grant) =>
  kinde.quirks.refreshKeepsAccessToken && grant.latest !== undefined && isActive(kinde, grant.latest.record)
    ? grant.latest
    : undefined

/** Issues what a grant is worth: the token endpoint's answer. */
export const issueTokens = (
  kinde: Kinde,
  application: Application,
  grant: Grant,
  by: "code" | "refresh" | "machine" | "device",
): Record<string, unknown> => {
  const same = by === "refresh" ? sameAgain(kinde, grant) : undefined
  const { token, record } = same ?? mintAccessToken(kinde, application, grant)
  // Making a key takes long enough to end up in the next second.
  const now = same === undefined ? record.issuedAt : seconds(kinde)
  const all = grant.kind === "user" || (grant.kind === "device" && kinde.quirks.deviceGivesAllTokens)
  const idToken =
    all && grant.scopes.includes("openid") ? mintIdToken(kinde, application, grant, token, by !== "refresh") : undefined
  // `offline_access` is accepted everywhere and means nothing.
  const refreshToken = all && grant.scopes.includes("offline") ? mintRefreshToken(kinde, application, grant) : undefined
  return {
    access_token: token,
    // One less than the lifetime, as the vendor counts.
    expires_in: Math.max(0, record.expiresAt - now - 1),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: by === "device" ? "" : grant.scopes.join(" "),
    token_type: "bearer",
  }
}

/** The vendor's historic mistake: a success whose token says nothing about anybody. */
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
