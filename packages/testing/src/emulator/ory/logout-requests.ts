import type { Exchange, Reply } from "../http-server.ts"
import { adminRefusal } from "./errors.ts"
import { clientOfFlow } from "./login-requests.ts"
import type { LogoutRecord } from "./logout.ts"
import { adminJson, noContent } from "./replies.ts"
import type { Ory } from "./state.ts"

const find = ({ query }: Exchange, ory: Ory): LogoutRecord | undefined =>
  ory.logouts.get(query.get("logout_challenge") || query.get("challenge") || "")

const time = (seconds: number | undefined) =>
  seconds === undefined ? null : new Date(seconds * 1000).toISOString().replace(".000Z", "Z")

export const getLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = find(exchange, ory)
  if (record === undefined || record.rejected) throw adminRefusal.notFound()
  // The newest has no word for that.
  if (record.used && !ory.rotates) return adminJson(410, { redirect_to: record.requestUrl })
  return adminJson(200, {
    challenge: record.challenge,
    subject: record.subject,
    sid: record.sid,
    request_url: record.requestUrl,
    rp_initiated: record.clientId !== undefined,
    expires_at: time(record.expiresAt),
    requested_at: time(record.requestedAt),
    client: record.clientId === undefined ? null : clientOfFlow(ory, record.clientId),
  })
}

export const acceptLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = find(exchange, ory)
  if (record === undefined) throw adminRefusal.notFound()
  record.accepted = true
  return adminJson(200, { redirect_to: `${ory.issuer}/oauth2/sessions/logout?logout_verifier=${record.verifier}` })
}

export const rejectLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = find(exchange, ory)
  if (record === undefined) throw adminRefusal.unknownChallenge()
  record.rejected = true
  return noContent
}
