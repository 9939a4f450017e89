import type { Exchange, Reply } from "../http-server.ts"
import { adminError } from "./errors.ts"
import { clientOfFlow } from "./login-requests.ts"
import type { LogoutRecord } from "./logout-record.ts"
import { adminJson, noContent } from "./replies.ts"
import type { Ory } from "./state.ts"

const recordOf = ({ query }: Exchange, ory: Ory): LogoutRecord | undefined =>
  ory.logouts.get(query.get("logout_challenge") || query.get("challenge") || "")

/** The error for an unknown challenge: versions after v26.2.0 send that of the other challenges. */
const notFound = (ory: Ory) => (ory.rotatesSecrets ? adminError.unknownChallenge() : adminError.notFound())

const formatTime = (seconds: number | undefined) =>
  seconds === undefined ? null : new Date(seconds * 1000).toISOString().replace(".000Z", "Z")

export const getLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = recordOf(exchange, ory)
  if (record === undefined) throw notFound(ory)
  // Versions after v26.2.0 return a rejected request.
  if (record.rejected && !ory.rotatesSecrets) throw notFound(ory)
  // Versions after v26.2.0 do not report that a request is used.
  if (record.used && !ory.rotatesSecrets) return adminJson(410, { redirect_to: record.requestUrl })
  return adminJson(200, {
    challenge: record.challenge,
    subject: record.subject,
    sid: record.sid,
    request_url: record.requestUrl,
    rp_initiated: record.clientId !== undefined,
    expires_at: formatTime(record.expiresAt),
    requested_at: formatTime(record.requestedAt),
    client: record.clientId === undefined ? null : clientOfFlow(ory, record.clientId),
  })
}

export const acceptLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = recordOf(exchange, ory)
  if (record === undefined) throw notFound(ory)
  record.accepted = true
  return adminJson(200, { redirect_to: `${ory.issuer}/oauth2/sessions/logout?logout_verifier=${record.verifier}` })
}

export const rejectLogoutRequest = (exchange: Exchange, ory: Ory): Reply => {
  const record = recordOf(exchange, ory)
  if (record === undefined) throw adminError.unknownChallenge()
  record.rejected = true
  return noContent
}
