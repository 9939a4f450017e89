import type { Application } from "./application.ts"
import { issueTokens } from "./issue-tokens.ts"
import { audienceRefused, grantedScopes, requestedApis, requestedMachineScopes } from "./requested.ts"
import type { Kinde } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"

/** The client credentials grant: who names no scope gets all that is enabled for the audiences named. */
export const machineTokens = (
  kinde: Kinde,
  application: Application,
  form: URLSearchParams,
): Record<string, unknown> => {
  const apis = requestedApis(kinde, application, form)
  if (apis.length === 0 && kinde.quirks.audienceRequired) throw audienceRefused("")
  const scopes = requestedMachineScopes(application, apis, form)
  const grant = makeGrant({
    applicationId: application.id,
    kind: "machine",
    userId: undefined,
    scopes,
    granted: scopes.length === 0 ? grantedScopes(application, apis) : scopes,
    audience: apis.map((api) => api.audience),
    orgCode: application.orgCode,
    nonce: undefined,
    authTime: seconds(kinde),
    requestedAt: seconds(kinde),
  })
  return issueTokens(kinde, application, grant, "machine")
}
