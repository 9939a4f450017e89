import { createHash, randomUUID } from "node:crypto"
import { parseDuration } from "../go.ts"
import { signJwt } from "../jwt.ts"
import type { Lifespan } from "./client-json.ts"
import { type ClientRecord, grantTypesOf, lifespanOf, textOf } from "./client-record.ts"
import type { Grant, GrantKind, UserSession } from "./grant-records.ts"
import { type Ory, opaqueToken } from "./state.ts"
import { seconds, storeToken } from "./tokens.ts"

const forever = Number.POSITIVE_INFINITY

const lifespanMember = (
  kind: GrantKind,
  token: "access_token" | "id_token" | "refresh_token",
): Lifespan | undefined => {
  switch (kind) {
    case "client_credentials":
      return token === "access_token" ? "client_credentials_grant_access_token_lifespan" : undefined
    case "jwt_bearer":
      return token === "access_token" ? "jwt_bearer_grant_access_token_lifespan" : undefined
    case "refresh_token":
      return `refresh_token_grant_${token}_lifespan`
    case "authorization_code":
      return `authorization_code_grant_${token}_lifespan`
    case "device_authorization":
      return `device_authorization_grant_${token}_lifespan`
  }
}

const lifespanSeconds = (
  ory: Ory,
  client: ClientRecord,
  kind: GrantKind,
  token: "access_token" | "id_token" | "refresh_token",
): number => {
  const member = lifespanMember(kind, token)
  const parsed = parseDuration((member && lifespanOf(client, member)) ?? "")
  if ("seconds" in parsed) return parsed.seconds
  const { accessToken, idToken, refreshToken } = ory.lifespans
  return token === "access_token" ? accessToken : token === "id_token" ? idToken : refreshToken
}

const usesJwt = (ory: Ory, client: ClientRecord) =>
  (textOf(client, "access_token_strategy") || ory.accessTokens) === "jwt"

const mintAccessToken = (ory: Ory, client: ClientRecord, grant: Grant, expiresAt: number): string => {
  const now = seconds(ory.now())
  const isJwt = usesJwt(ory, client)
  const token = isJwt
    ? signJwt(ory.keys.accessToken(), {
        aud: grant.audience,
        client_id: grant.clientId,
        exp: expiresAt,
        ext: grant.user?.accessToken ?? {},
        iat: now,
        iss: ory.issuer,
        jti: randomUUID(),
        nbf: now,
        scp: grant.scopes,
        sub: grant.subject,
      })
    : opaqueToken("at")
  // Introspection of a JWT returns the time of the token request as `iat`, which can be a second before its signature.
  storeToken(ory, token, { use: "access_token", grant, issuedAt: isJwt ? now - 1 : now, expiresAt, used: false })
  return token
}

const halfHash = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url")

/** Signs the ID token of a grant. */
export const mintIdToken = (
  ory: Ory,
  client: ClientRecord,
  grant: Grant,
  user: UserSession,
  kind: GrantKind,
  bound: { readonly accessToken: string } | { readonly code: string },
): string => {
  const now = seconds(ory.now())
  return signJwt(ory.keys.idToken(), {
    ...user.idToken,
    ...(user.acr === "" ? {} : { acr: user.acr }),
    ...(user.amr.length === 0 ? {} : { amr: user.amr }),
    ...("code" in bound ? { c_hash: halfHash(bound.code) } : { at_hash: halfHash(bound.accessToken) }),
    aud: [grant.clientId],
    auth_time: user.authTime,
    exp: now + lifespanSeconds(ory, client, kind, "id_token"),
    iat: now,
    iss: ory.issuer,
    jti: randomUUID(),
    ...(user.nonce === "" ? {} : { nonce: user.nonce }),
    rat: user.requestedAt,
    sid: user.sid,
    sub: grant.subject,
  })
}

const includesRefreshToken = (client: ClientRecord, grant: Grant) =>
  grant.user !== undefined &&
  grant.scopes.some((scope) => scope === "offline" || scope === "offline_access") &&
  grantTypesOf(client).includes("refresh_token")

/** Issues the tokens of a grant and returns the body of the token response. */
export const issueTokens = (ory: Ory, client: ClientRecord, grant: Grant, kind: GrantKind): Record<string, unknown> => {
  const now = ory.now() / 1000
  // Like the server, rounds to the nearest second: `expires_in` is one below the lifespan in half of all cases.
  const accessExpiry = Math.round(now + lifespanSeconds(ory, client, kind, "access_token"))
  const accessToken = mintAccessToken(ory, client, grant, accessExpiry)
  const body: Record<string, unknown> = {
    access_token: accessToken,
    expires_in: Math.floor(accessExpiry - now),
  }
  if (grant.user !== undefined && grant.scopes.includes("openid")) {
    body.id_token = mintIdToken(ory, client, grant, grant.user, kind, { accessToken })
  }
  if (includesRefreshToken(client, grant)) {
    const lifespan = lifespanSeconds(ory, client, kind, "refresh_token")
    const token = opaqueToken("rt")
    const expiresAt = lifespan < 0 ? forever : Math.round(now + lifespan)
    storeToken(ory, token, { use: "refresh_token", grant, issuedAt: seconds(ory.now()), expiresAt, used: false })
    body.refresh_token = token
  }
  return { ...body, scope: grant.scopes.join(" "), token_type: "bearer" }
}
