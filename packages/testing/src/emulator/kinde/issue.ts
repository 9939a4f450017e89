import { clientOfRequest, defaultClientId, type IssueRequest } from "../issue-request.ts"
import { makeApplication } from "./application.ts"
import { issueTokens } from "./issue-tokens.ts"
import type { Kinde } from "./state.ts"
import { makeGrant, seconds } from "./tokens.ts"
import { makeUser } from "./users.ts"

const applicationOf = (kinde: Kinde, request: IssueRequest) => {
  // A machine has no users.
  const applications = new Map(
    [...kinde.applications].filter(([id, { type }]) => type !== "m2m" || id === request.clientId),
  )
  const existing = clientOfRequest(applications, request)
  if (existing !== undefined) return existing
  const created = makeApplication({ id: defaultClientId, type: "reg" })
  kinde.applications.set(created.id, created)
  return created
}

/** Issues the access token that a user's login would lead to. */
export const issueFor = (kinde: Kinde, request: IssueRequest): string => {
  const { subject, scopes = [] } = request
  const application = applicationOf(kinde, request)
  const user = kinde.users.get(subject) ?? makeUser(kinde, { id: subject })
  kinde.users.set(user.id, user)
  const now = seconds(kinde)
  const grant = makeGrant({
    applicationId: application.id,
    kind: "user",
    userId: user.id,
    ...{ scopes, granted: scopes, audience: [...application.grants.keys()] },
    ...{ orgCode: user.organizations[0], nonce: undefined, authTime: now, requestedAt: now },
  })
  return String(issueTokens(kinde, application, grant, "code").access_token)
}
