import { randomUUID } from "node:crypto"
import { formOf } from "../form.ts"
import { sortedMembers } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { signJwt } from "../jwt.ts"
import { textOf } from "./client-record.ts"
import { type Refusal, refuse } from "./errors.ts"
import { liveToken } from "./introspect.ts"
import { adminError, adminJson } from "./replies.ts"
import type { Ory } from "./state.ts"
import { isExpired, seconds } from "./tokens.ts"

/** The Bearer token of a request: header, form or query. */
export const bearerOf = (exchange: Exchange): string => {
  const match = /^bearer (.+)$/i.exec(exchange.headers.authorization ?? "")
  return match?.[1]?.trim() ?? formOf(exchange)?.get("access_token") ?? exchange.query.get("access_token") ?? ""
}

const unauthorized = (body: Refusal, challenge: { readonly error: string; readonly description: string }): Reply =>
  adminError(body, {
    "www-authenticate": `Bearer error="${challenge.error}",error_description="${challenge.description}"`,
  })

const goTime = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`

/** Why a token is not accepted: only of an expired one the server says more than that. */
const refusalFor = (ory: Ory, token: string): Refusal => {
  const record = ory.tokens.get(token)
  if (record === undefined || record.use !== "access_token" || !isExpired(ory, record)) {
    return refuse("request_unauthorized")
  }
  const hint = token.startsWith("ory_at_")
    ? `Access token expired at '${goTime(record.expiresAt)}'.`
    : "The token expired."
  return refuse("invalid_token", hint)
}

/** GET and POST /userinfo: JSON, or a signed JWT for clients that asked for one. */
export const userInfo = (exchange: Exchange, ory: Ory): Reply => {
  const token = bearerOf(exchange)
  const record = liveToken(ory, token)
  if (record === undefined) {
    const refusal = refusalFor(ory, token)
    return unauthorized(refusal, refusal)
  }
  if (record.use !== "access_token") {
    return unauthorized(refuse("error", undefined, 401), {
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
    // A token that no user stands behind has no subject here, though introspection tells one.
    ...(user ? { rat: user.requestedAt, sub: grant.subject } : {}),
  }
  for (const name of ["nonce", "at_hash", "c_hash", "exp", "sid", "jti"]) delete claims[name]
  if (client !== undefined && textOf(client, "userinfo_signed_response_alg") === "RS256") {
    const signed = signJwt(ory.keys.idToken(), { ...claims, iat: seconds(ory.now()), jti: randomUUID() })
    return {
      status: 200,
      headers: { "content-type": "application/jwt", "cache-control": "private, no-cache, no-store, must-revalidate" },
      body: signed,
    }
  }
  return adminJson(200, sortedMembers(claims))
}
