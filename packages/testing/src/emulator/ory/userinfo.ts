import { randomUUID } from "node:crypto"
import { formOf } from "../form.ts"
import { sortedMembers } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { signJwt } from "../jwt.ts"
import { textOf } from "./client-record.ts"
import { type ErrorResponse, oauthError } from "./errors.ts"
import { activeToken } from "./introspect.ts"
import { adminErrorReply, adminJson } from "./replies.ts"
import type { Ory } from "./state.ts"
import { isExpired, seconds } from "./tokens.ts"

/** Returns the bearer token of a request, from the header, the form or the query. */
export const bearerOf = (exchange: Exchange): string => {
  const match = /^bearer (.+)$/i.exec(exchange.headers.authorization ?? "")
  return match?.[1]?.trim() ?? formOf(exchange)?.get("access_token") ?? exchange.query.get("access_token") ?? ""
}

const unauthorized = (
  body: ErrorResponse,
  challenge: { readonly error: string; readonly description: string },
): Reply =>
  adminErrorReply(body, {
    "www-authenticate": `Bearer error="${challenge.error}",error_description="${challenge.description}"`,
  })

const goTime = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`

/** Returns the error for a token that is not active. Only an expired access token has an error of its own. */
const errorOf = (ory: Ory, token: string): ErrorResponse => {
  const record = ory.tokens.get(token)
  if (record === undefined || record.use !== "access_token" || !isExpired(ory, record)) {
    return oauthError("request_unauthorized")
  }
  const hint = token.startsWith("ory_at_")
    ? `Access token expired at '${goTime(record.expiresAt)}'.`
    : "The token expired."
  return oauthError("invalid_token", hint)
}

/** GET and POST /userinfo: JSON, or a JWT for a client with `userinfo_signed_response_alg`. */
export const userInfo = (exchange: Exchange, ory: Ory): Reply => {
  const token = bearerOf(exchange)
  const record = activeToken(ory, token)
  if (record === undefined) {
    const error = errorOf(ory, token)
    return unauthorized(error, error)
  }
  if (record.use !== "access_token") {
    return unauthorized(oauthError("error", undefined, 401), {
      error: "invalid_token",
      description: "Only access tokens are allowed in the authorization header.",
    })
  }
  const { grant } = record
  const { user } = grant
  const client = ory.clients.get(grant.clientId)
  const claims: Record<string, unknown> = {
    ...user?.idToken,
    ...(user?.acr ? { acr: user.acr } : {}),
    ...(user && user.amr.length > 0 ? { amr: user.amr } : {}),
    aud: [grant.clientId],
    ...(user ? { auth_time: user.authTime } : {}),
    iat: record.issuedAt,
    iss: ory.issuer,
    // Unlike in introspection, a token without a user has no `sub`.
    ...(user ? { rat: user.requestedAt, sub: grant.subject } : {}),
  }
  for (const name of ["nonce", "at_hash", "c_hash", "exp", "sid", "jti"]) delete claims[name]
  if (client !== undefined && textOf(client, "userinfo_signed_response_alg") === "RS256") {
    const jwt = signJwt(ory.keys.idToken(), { ...claims, iat: seconds(ory.now()), jti: randomUUID() })
    return {
      status: 200,
      headers: { "content-type": "application/jwt", "cache-control": "private, no-cache, no-store, must-revalidate" },
      body: jwt,
    }
  }
  return adminJson(200, sortedMembers(claims))
}
