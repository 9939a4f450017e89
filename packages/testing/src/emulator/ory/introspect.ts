import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { oauthError } from "./errors.ts"
import type { TokenRecord } from "./grant-records.ts"
import { allowsScope, words } from "./matching.ts"
import { adminJson, oauthJson } from "./replies.ts"
import type { Ory } from "./state.ts"
import { isExpired } from "./tokens.ts"

/** Returns the record of an active token: it is not expired, not exchanged, and its client is still registered. */
export const activeToken = (ory: Ory, token: string): TokenRecord | undefined => {
  const record = ory.tokens.get(token)
  if (record === undefined || record.used || isExpired(ory, record)) return undefined
  return ory.clients.has(record.grant.clientId) ? record : undefined
}

const inactive = (): Reply => {
  const reply = oauthJson({ active: false })
  return { ...reply, body: `${reply.body}\n` }
}

/** POST /admin/oauth2/introspect. A token without one of the requested scopes is inactive. */
export const introspect = (exchange: Exchange, ory: Ory): Reply => {
  const form = formOf(exchange)
  if (form === undefined) throw oauthError("invalid_request", "The POST body can not be empty.")
  const record = activeToken(ory, form.get("token") ?? "")
  if (record === undefined) return inactive()
  const { grant, use, issuedAt, expiresAt } = record
  if (!words(form.get("scope")).every((scope) => allowsScope(grant.scopes, scope))) return inactive()
  const ext = grant.user?.accessToken ?? {}
  return adminJson(
    200,
    {
      active: true,
      ...(grant.scopes.length > 0 ? { scope: grant.scopes.join(" ") } : {}),
      client_id: grant.clientId,
      sub: grant.subject,
      ...(Number.isFinite(expiresAt) ? { exp: expiresAt } : {}),
      iat: issuedAt,
      nbf: issuedAt,
      aud: grant.audience,
      iss: ory.issuer,
      token_type: "Bearer",
      token_use: use,
      ...(Object.keys(ext).length > 0 ? { ext } : {}),
    },
    { "content-type": "application/json;charset=UTF-8" },
  )
}
