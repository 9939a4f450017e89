import type { Application } from "./application.ts"
import { grantError, kindeError } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Kinde } from "./state.ts"
import { isExpired, makeGrant } from "./tokens.ts"

/** The device grant. Polling too early increases the interval by five seconds (RFC 8628, 3.5). */
export const pollDevice = (kinde: Kinde, application: Application, form: URLSearchParams): Record<string, unknown> => {
  const record = kinde.devices.get(form.get("device_code") ?? "")
  if (record === undefined || record.used || record.applicationId !== application.id) {
    throw grantError(kinde, "invalid_grant")
  }
  if (isExpired(kinde, record)) throw grantError(kinde, "expired_token")
  const isTooEarly = record.lastPoll !== undefined && kinde.now() < record.lastPoll + record.interval * 1000
  record.lastPoll = kinde.now()
  if (isTooEarly) {
    record.interval += 5
    throw kindeError(kinde, "slow_down")
  }
  if (record.decision === undefined) throw grantError(kinde, "authorization_pending")
  record.used = true
  if (record.decision === "denied") throw kindeError(kinde, "access_denied")
  const grant = makeGrant({
    applicationId: application.id,
    kind: "device",
    scopes: record.scopes,
    granted: record.scopes,
    audience: record.audience,
    nonce: undefined,
    ...record.decision,
  })
  return issueTokens(kinde, application, grant, "device")
}
