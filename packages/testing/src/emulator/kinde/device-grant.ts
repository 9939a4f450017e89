import type { Application } from "./application.ts"
import { refuseGrant, refusePlain } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Kinde } from "./state.ts"
import { isExpired, makeGrant } from "./tokens.ts"

/** The device grant. Who polls too early has to wait five seconds longer from then on. */
export const pollDevice = (kinde: Kinde, application: Application, form: URLSearchParams): Record<string, unknown> => {
  const record = kinde.devices.get(form.get("device_code") ?? "")
  if (record === undefined || record.used || record.applicationId !== application.id) {
    throw refuseGrant(kinde, "invalid_grant")
  }
  if (isExpired(kinde, record)) throw refuseGrant(kinde, "expired_token")
  const early = record.lastPoll !== undefined && kinde.now() < record.lastPoll + record.interval * 1000
  record.lastPoll = kinde.now()
  if (early) {
    record.interval += 5
    throw refusePlain(kinde, "slow_down")
  }
  if (record.decision === undefined) throw refuseGrant(kinde, "authorization_pending")
  record.used = true
  if (record.decision === "denied") throw refusePlain(kinde, "access_denied")
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
