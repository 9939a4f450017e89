import type { ClientRecord } from "./client-record.ts"
import { oauthError, oauthErrorWithoutHint } from "./errors.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Ory } from "./state.ts"
import { isExpired } from "./tokens.ts"

/**
 * The device authorization grant (RFC 8628).
 *
 * The server never sends `slow_down`. It checks for an accepted request before it checks the time, so a denied request
 * stays pending, and so does a request that expires before the user accepts it.
 */
export const pollDevice = (ory: Ory, client: ClientRecord, form: URLSearchParams): Record<string, unknown> => {
  const record = ory.devices.get(form.get("device_code") ?? "")
  if (record === undefined || record.used) throw oauthErrorWithoutHint("invalid_grant")
  const { grant } = record
  if (grant === undefined) throw oauthErrorWithoutHint("authorization_pending")
  if (isExpired(ory, record)) throw oauthErrorWithoutHint("expired_token")
  if (record.clientId !== client.id) {
    throw oauthError(
      "invalid_grant",
      "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.",
    )
  }
  record.used = true
  return issueTokens(ory, client, grant, "device_authorization")
}
