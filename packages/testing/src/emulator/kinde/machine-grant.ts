import type { Application } from "./application.ts"
import { issueTokens } from "./issue-tokens.ts"
import { audienceRefused, grantedScopes, requestedAudience, requestedMachineScopes } from "./requested.ts"
import { type Kinde, managementAudience } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"

/** The client credentials grant: who names no scope gets all that is enabled for the audiences named. */
export const machineTokens = (
  kinde: Kinde,
  application: Application,
  form: URLSearchParams,
): Record<string, unknown> => {
  const audience = requestedAudience(application, form)
  if (audience.length === 0 && kinde.quirks.audienceRequired) throw audienceRefused("")
  const forManagement = audience.includes(managementAudience(kinde))
  if (forManagement && kinde.issuer !== kinde.apiHost && !kinde.quirks.managementOnCustomDomain)
    throw audienceRefused(managementAudience(kinde))
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
