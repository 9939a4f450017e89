import type { ClientRecord } from "./client-record.ts"
import { refuse, refusePlainly } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Ory } from "./state.ts"
import { isExpired } from "./tokens.ts"

/**
 * The device grant. It never says slow_down, a user's refusal leaves it pending, and so does expiry before anybody
 * accepted: what happened is looked at before the time is.
 */
export const pollDevice = (ory: Ory, client: ClientRecord, form: URLSearchParams): Record<string, unknown> => {
  const record = ory.devices.get(form.get("device_code") ?? "")
  if (record === undefined || record.used) throw refusePlainly("invalid_grant")
  const { grant } = record
  if (grant === undefined) throw refusePlainly("authorization_pending")
  if (isExpired(ory, record)) throw refusePlainly("expired_token")
  if (record.clientId !== client.id) {
    throw refuse(
      "invalid_grant",
      "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.",
    )
  }
  record.used = true
  return issueTokens(ory, client, grant, "device_authorization")
}
