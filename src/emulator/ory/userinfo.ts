import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { textOf } from "./client-record.ts"
import { type Refusal, refuse } from "./errors.ts"
import { formOf } from "./form.ts"
import { sortedMembers } from "./go.ts"
import { liveToken } from "./introspect.ts"
import { signJwt } from "./jwt.ts"
import { adminError, adminJson } from "./replies.ts"
import type { Ory } from "./state.ts"
import { seconds } from "./tokens.ts"

/** The Bearer token of a request: header, form or query. */
export const bearerOf = (exchange: Exchange): string => {
  const match = /^bearer (.+)$/i.exec(exchange.headers.authorization ?? "")
  return match?.[1]?.trim() ?? formOf(exchange)?.get("access_token") ?? exchange.query.get("access_token") ?? ""
}

const unauthorized = (body: Refusal, challenge: { readonly error: string; readonly description: string }): Reply =>
  adminError(body, {
    "www-authenticate": `Bearer error="${challenge.error}",error_description="${challenge.description}"`,
  })

/** GET and POST /userinfo: JSON, or a signed JWT for clients that asked for one. */
export const userInfo = (exchange: Exchange, ory: Ory): Reply => {
  const record = liveToken(ory, bearerOf(exchange))
  if (record === undefined) {
    const refusal = refuse("request_unauthorized")
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
    ...(user ? { rat: user.requestedAt } : {}),
    sub: grant.subject,
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
