import type { Application } from "./application.ts"
import { issueTokens } from "./issue-tokens.ts"
import { managementAudience } from "./management-audience.ts"
import { audienceError, grantedScopes, requestedAudience, requestedMachineScopes } from "./requested.ts"
import type { Kinde } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"

/** The client credentials grant. Without `scope`, all scopes allowed for the requested audiences are granted. */
export const machineTokens = (
  kinde: Kinde,
  application: Application,
  form: URLSearchParams,
): Record<string, unknown> => {
  const audience = requestedAudience(application, form)
  if (audience.length === 0 && kinde.quirks.audienceRequired) throw audienceError("")
  const isForManagement = audience.includes(managementAudience(kinde))
  if (isForManagement && kinde.issuer !== kinde.apiHost && !kinde.quirks.managementOnCustomDomain)
    throw audienceError(managementAudience(kinde))
  const scopes = requestedMachineScopes(application, audience, form)
  const grant = makeGrant({
    applicationId: application.id,
    kind: "machine",
    userId: undefined,
    scopes,
    granted: scopes.length === 0 ? grantedScopes(application, audience) : scopes,
    audience,
    orgCode: application.orgCode,
    nonce: undefined,
    authTime: seconds(kinde),
    requestedAt: seconds(kinde),
  })
  return issueTokens(kinde, application, grant, "machine")
}
